// Mappings come and go in several threads at addresses that others have just given back; replaced
// in place (MAP_FIXED), grown, moved, reserved without use, and in the low 2 GB. Fresh pages have
// no history.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "schedule.h"

static char* map(void* at, size_t size, int more_flags) {
  char* pages =
      mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | more_flags, -1, 0);
  if (pages == MAP_FAILED) abort();
  return pages;
}
static void* churn(void* unused) {
  for (int i = 0; i < 60; i++) {
    char* pages = map(NULL, 16384, 0);
    pages[0] = pages[16383] = 1;
    map(pages + 4096, 4096, MAP_FIXED);
    pages[4096] = 2;
    pages = mremap(pages, 16384, 40960, MREMAP_MAYMOVE);
    if (pages == MAP_FAILED || pages[0] != 1) abort();
    pages[40959] = 3;
    munmap(pages, 40960);
#ifdef MAP_32BIT /* x86-64 */
    char* low =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    if (low != MAP_FAILED) { /* low memory may be exhausted */
      low[5] = 1;
      munmap(low, 4096);
    }
#endif
  }
  return unused;
}
static char *reused, *odd;
static void* mapAndUnmap(void* unused) {
  munmap(reused, 4096);
  munmap(odd, 4097); /* two pages of three */
  stepAdvance();
  return unused;
}
static void* mapAgain(void* unused) {
  stepWait(1);
  char* again = map(reused, 4096, 0); /* a hint: the same address, most likely */
  again[7] = 2;
  munmap(again, 4096);
  odd[8192] = 1;
  return unused;
}

int main(void) {
  pthread_t threads[6];
  char* reserved =
      mmap(NULL, 100ull << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) abort();
  reused = map(NULL, 4096, 0);
  reused[7] = 1;
  odd = map(NULL, 12288, 0);
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, churn, NULL);
  pthread_create(&threads[4], NULL, mapAndUnmap, NULL);
  pthread_create(&threads[5], NULL, mapAgain, NULL);
  for (int i = 0; i < 6; i++) pthread_join(threads[i], NULL);
  munmap(reserved, 100ull << 30);
  return 0;
}
