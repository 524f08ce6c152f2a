// memory_map_wish.cpp - a mapping that would like to lie below 4 GiB, but need not: where it lies depends on the machine,
// and it is like any other.
// Racy: the threads are not ordered.
// EXPECT: races=1
#include <stdlib.h>
#include <sys/mman.h>

#include "threads.h"

int main() {
  void* const wish = reinterpret_cast<void*>(0x30000000);
  void* pages = mmap(wish, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) abort();
  int* const number = static_cast<int*>(pages) + 7;
  runUnordered([=] { *number = 1; }, [=] { *number = 2; });
  return munmap(pages, 4096);
}
