// Pages that madvise has emptied start afresh.
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
        madvise(pages, 8192, MADV_DONTNEED);
      },
      [] { pages[4096] = 2; });
}
