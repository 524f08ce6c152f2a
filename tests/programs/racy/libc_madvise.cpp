// Pages of which the kernel is only told that they will be needed keep what is recorded of them.
// EXPECT: races=1
#include <string.h>
#include <sys/mman.h>

#include "threads.h"

char* pages;

int main() {
  pages = static_cast<char*>(
      mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  runUnordered(
      [] {
        memset(pages, 1, 8192);
        madvise(pages, 8192, MADV_WILLNEED);
      },
      [] { pages[4096] = 2; });
}
