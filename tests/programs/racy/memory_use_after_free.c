// One thread frees a block, another one uses it afterwards without any order: a race with the
// deallocation. (The freed memory stays mapped, so that the program survives without a detector.)
// EXPECT: races=2
// EXPECT: contains "Previous free at "
// EXPECT: contains "release"
// EXPECT: contains "readEnd"
// EXPECT: contains "writeMiddle"
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

static char* block;

__attribute__((noinline)) static void readEnd(void) { USE_VALUE(block[998]); }
__attribute__((noinline)) static void writeMiddle(void) { block[500] = 1; }
void (*const uses[])(void) = {readEnd, writeMiddle};

static void* use(void* argument) {
  int i = *(int*)argument;
  stepWait(i + 1);
  uses[i]();
  return NULL;
}
static void* release(void* unused) {
  free(block);
  stepAdvance();
  return unused;
}

int main(void) {
  for (int i = 0; i < 2; i++) {
    pthread_t threads[2];
    block = malloc(999);
    pthread_create(&threads[0], NULL, use, &i);
    pthread_create(&threads[1], NULL, release, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
  }
  return 0;
}
