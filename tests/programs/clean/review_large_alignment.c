// An alignment so large that a block has no header: its memory starts afresh all the same.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "schedule.h"

enum { kAlignment = 4 << 20, kSize = 4096 };
static char* blocks[2];

static char* take(void) {
  char* block = aligned_alloc(kAlignment, kSize);
  if (block == NULL) abort();
  memset(block, 1, kSize);
  return block;
}
static void* first(void* unused) {
  blocks[0] = take();
  free(blocks[0]);
  stepAdvance();
  return unused;
}
static void* second(void* unused) {
  stepWait(1);
  blocks[1] = take();
  free(blocks[1]);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
