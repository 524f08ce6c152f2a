// realloc grows and shrinks, in place and elsewhere; every thread its own blocks, out of memory
// that other threads have freed.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "schedule.h"

static void* churn(void* argument) {
  size_t seed = (size_t)argument;
  char* block = NULL;
  size_t size = 0;
  for (int i = 0; i < 400; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    size_t next = (seed >> 33) % 3000 + 1;
    block = realloc(block, next);
    if (size != 0 && block[0] != 1) abort();
    memset(block, 1, next);
    size = next;
    if (i % 50 == 0) block = realloc(block, 200000), block[199999] = 1;
  }
  free(block);
  return NULL;
}

int main(void) {
  pthread_t threads[4];
  for (size_t i = 0; i < 4; i++) pthread_create(&threads[i], NULL, churn, (void*)i);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  return 0;
}
