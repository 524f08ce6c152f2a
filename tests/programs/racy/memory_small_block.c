// The last byte of a small block is written by one thread, and another frees the block without any
// order: whatever is behind that byte in its word and pair of words, it is reported for each size.
// EXPECT: races=9
// EXPECT: contains "Free at "
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

static char* block;

#define WRITE_LAST(size) \
  __attribute__((noinline)) static void writeLastOf##size(void) { block[size - 1] = 1; }
WRITE_LAST(1)
WRITE_LAST(3)
WRITE_LAST(5)
WRITE_LAST(8)
WRITE_LAST(13)
WRITE_LAST(31)
WRITE_LAST(64)
WRITE_LAST(67)
WRITE_LAST(121)
void (*const uses[])(void) = {writeLastOf1,  writeLastOf3,  writeLastOf5,
                              writeLastOf8,  writeLastOf13, writeLastOf31,
                              writeLastOf64, writeLastOf67, writeLastOf121};
static const size_t sizes[] = {1, 3, 5, 8, 13, 31, 64, 67, 121};

static void* use(void* argument) {
  uses[*(int*)argument]();
  stepAdvance();
  return NULL;
}
static void* release(void* argument) {
  stepWait(*(int*)argument + 1);
  free(block);
  return NULL;
}

int main(void) {
  for (int i = 0; i < 9; i++) {
    pthread_t threads[2];
    block = malloc(sizes[i]);
    pthread_create(&threads[0], NULL, use, &i);
    pthread_create(&threads[1], NULL, release, &i);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
  }
  return 0;
}
