// Memory below 2 GiB has no shadow: a mapping that must lie there is refused like one for which there is no room, and the
// program may go on without.
// REQUIRES: arch=x86_64
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

int main(void) {
  void* pages = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (pages != MAP_FAILED) {
    *(char*)pages = 1;
    munmap(pages, 4096);
  } else if (errno != ENOMEM) {
    abort();
  }
  return 0;
}
