// Blocks whose sizes are no multiple of four, at addresses that another thread has just freed: the
// whole of a block's last word starts afresh.
// ENV: GLIBC_TUNABLES=glibc.malloc.tcache_count=0
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "schedule.h"

enum { kBlocks = 50 };

static void* first(void* unused) {
  char* blocks[kBlocks];
  for (int i = 0; i < kBlocks; i++) memset(blocks[i] = malloc(8), 1, 8);
  for (int i = 0; i < kBlocks; i++) free(blocks[i]);
  stepAdvance();
  stepWait(2);
  return unused;
}
static void* second(void* unused) {
  stepWait(1);
  for (int i = 0; i < 4 * kBlocks; i++) {
    const int size = 1 + i % 7;
    char* block = malloc((size_t)size);
    for (int j = 0; j < size; j++) block[j] = 2;
    USE_VALUE(block);
  }
  stepAdvance();
  return unused;
}

int main(void) {
  mallopt(M_ARENA_MAX, 1); /* both threads use the same blocks */
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
