// Blocks that the allocator maps and unmaps one by one, used at both ends, in several threads.
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

static void* churn(void* unused) {
  for (int i = 0; i < 40; i++) {
    size_t size = (size_t)(1 + i % 5) << 20;
    char* block = i % 2 ? malloc(size) : calloc(size, 1);
    __asm__ volatile("" : "+r"(block)); /* the compiler must not remove the pair */
    if (block == NULL) abort();
    block[0] = 1;
    block[size / 2] = 2;
    block[size - 1] = 3;
    free(block);
  }
  return unused;
}

int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, churn, NULL);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  char* huge = malloc(3ull << 30); /* never touched but for two pages */
  __asm__ volatile("" : "+r"(huge));
  if (huge != NULL) {
    huge[0] = 1;
    huge[(3ull << 30) - 1] = 1;
  }
  free(huge);
  return 0;
}
