// Memory below 4 GiB has no shadow: a mapping that must lie there is refused like one for which there is no room, which
// is said, and the program may go on without. With MAP_FIXED it is granted, for code that is not instrumented.
// EXPECT: contains "hindsight: mmap with MAP_32BIT fails (ENOMEM)"
// EXPECT: contains "hindsight: memory was mapped below 4 GiB"
// REQUIRES: arch=x86_64
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "schedule.h"

HINDSIGHT_TEST_UNINSTRUMENTED static void touch(void* memory) { *(volatile char*)memory = 1; }

int main(void) {
  const int kinds = MAP_PRIVATE | MAP_ANONYMOUS;
  for (int i = 0; i < 2; i++) {
    void* pages = mmap(NULL, 4096, PROT_READ | PROT_WRITE, kinds | MAP_32BIT, -1, 0);
    if (pages == MAP_FAILED) {
      if (errno != ENOMEM) abort();
    } else {
      touch(pages);
      munmap(pages, 4096);
    }
  }
  void* const wanted = (void*)0x20000000;
  void* pages = mmap(wanted, 4096, PROT_READ | PROT_WRITE, kinds | MAP_FIXED, -1, 0);
  if (pages != wanted) abort();
  touch(pages);
  return munmap(pages, 4096);
}
