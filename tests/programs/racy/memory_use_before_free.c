// One thread uses a block, another frees it without any order: reported with both stacks and the
// allocation's, whether the use was a read or a write, at the start or the end of the block.
// EXPECT: races=4
// EXPECT: contains "Free at "
// EXPECT: contains "release"
// EXPECT: at=allocated
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

static char* block;

__attribute__((noinline)) static void writeStart(void) { block[0] = 1; }
__attribute__((noinline)) static void writeEnd(void) { block[998] = 1; }
__attribute__((noinline)) static void readStart(void) { USE_VALUE(block[0]); }
__attribute__((noinline)) static void readEnd(void) { USE_VALUE(block[998]); }
void (*const uses[])(void) = {writeStart, writeEnd, readStart, readEnd};

static void* use(void* argument) {
  int i = *(int*)argument;
  uses[i]();
  stepAdvance();
  return NULL;
}
static void* release(void* argument) {
  stepWait(*(int*)argument + 1);
  free(block);
  return NULL;
}

int main(void) {
  for (int i = 0; i < 4; i++) {
    pthread_t threads[2];
    block = malloc(999);  // at: allocated
    pthread_create(&threads[0], NULL, use, &i);
    pthread_create(&threads[1], NULL, release, &i);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
  }
  return 0;
}
