// A mapping that mremap moves or lets grow starts afresh where it is new: what another thread did at those addresses was
// done to another mapping.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "schedule.h"

enum { kPage = 4096 };
static char *target, *moved;

static char* map(size_t size) {
  char* pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) abort();
  return pages;
}

static void* use(void* unused) {
  target[0] = target[2 * kPage] = 1;  // before anything is moved there
  munmap(target, 4 * kPage);
  stepAdvance();
  stepWait(2);
  return unused;
}

int main(void) {
  target = map(4 * kPage);
  char* source = map(kPage);
  source[0] = 7;
  pthread_t thread;
  pthread_create(&thread, NULL, use, NULL);
  stepWait(1);
  moved = mremap(source, kPage, 3 * kPage, MREMAP_MAYMOVE | MREMAP_FIXED, target);
  if (moved != target || moved[0] != 7) abort();
  moved[0] = moved[2 * kPage] = 2;
  stepAdvance();
  pthread_join(thread, NULL);
  munmap(target, 3 * kPage);
  return 0;
}
