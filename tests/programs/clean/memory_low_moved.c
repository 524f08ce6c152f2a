// Memory below 4 GiB that grows, moves away, comes from elsewhere and is emptied: what is accessed at the new place is
// checked there, and the old place is nobody's.
// Clean: the second thread has joined the first.
// REQUIRES: arch=x86_64

#include "low_memory.h"

#include <pthread.h>
#include <string.h>

#include "schedule.h"

static char* pages;
static char* there;

static void* first(void* unused) {
  pages[100] = 1;
  char* grown = mremap(pages, 4096, 64 * 4096, MREMAP_MAYMOVE);
  if (grown == MAP_FAILED || grown[100] != 1) abort();
  grown[63 * 4096] = 1;
  void* wanted = lowMemory(64 * 4096);
  char* moved = mremap(grown, 64 * 4096, 64 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, wanted);
  if (moved != wanted || moved[63 * 4096] != 1) abort();
  moved[200] = 2;
  if (mremap(moved, 64 * 4096, 4096, 0) != moved) abort();
  if (madvise(moved, 4096, MADV_DONTNEED) != 0 || moved[200] != 0) abort();
  if (mprotect(moved, 4096, PROT_READ) != 0 || moved[200] != 0) abort();
  if (mprotect(moved, 4096, PROT_READ | PROT_WRITE) != 0) abort();
  moved[300] = 3;
  __atomic_store_n(&there, moved, __ATOMIC_RELAXED);
  return unused;
}
static void* second(void* unused) {
  __atomic_load_n(&there, __ATOMIC_RELAXED)[300]++;
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pages = lowMemory(4096);
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_join(threads[0], NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  pthread_join(threads[1], NULL);
  return munmap(there, 4096);
}
