// A thread frees a block and another one allocates the same memory, with nothing else between
// them: a fresh block has no history.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "schedule.h"

static const size_t sizes[] = {1, 3, 16, 24, 100, 1000, 5000, 70000, 300000};

static void* churn(void* unused) {
  for (int round = 0; round < 150; round++) {
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
      char* block = round % 3 == 0 ? calloc(1, sizes[i]) : malloc(sizes[i]);
      block[0] = 1;
      block[sizes[i] - 1] = 1;
      if (sizes[i] < 2000) memset(block, round, sizes[i]);
      free(block);
    }
    if (round % 16 == 0) sched_yield();
  }
  return unused;
}
static char* passed_on[50];
static void* allocate(void* unused) { /* in the same arena as the next thread's, most likely */
  for (int i = 0; i < 50; i++) {
    char* block = malloc(40);
    memset(block, 1, 40);
    passed_on[i] = block;
  }
  for (int i = 0; i < 50; i++) free(passed_on[i]);
  stepAdvance();
  return unused;
}
static void* allocateAgain(void* unused) {
  char* blocks[50];
  stepWait(1);
  for (int i = 0; i < 50; i++) {
    blocks[i] = malloc(40);
    memset(blocks[i], 2, 40);
  }
  for (int i = 0; i < 50; i++) free(blocks[i]);
  return unused;
}

int main(void) {
  void* (*const bodies[])(void*) = {churn, churn, churn, churn, allocate, allocateAgain};
  pthread_t threads[6];
  for (int i = 0; i < 6; i++) pthread_create(&threads[i], NULL, bodies[i], NULL);
  for (int i = 0; i < 6; i++) pthread_join(threads[i], NULL);
  return 0;
}
