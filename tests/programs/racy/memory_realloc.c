// realloc in place keeps the history of the kept part (the write races with a later read); realloc
// to another place frees the old block (which races with an earlier write).
// EXPECT: races=2
// EXPECT: contains "writeKept"
// EXPECT: contains "writeMoved"
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

static char* kept;
static char* moved;

__attribute__((noinline)) static void writeKept(void) { kept[10] = 1; }
__attribute__((noinline)) static void writeMoved(void) { moved[5] = 1; }

static void* first(void* unused) {
  writeKept();
  writeMoved();
  stepAdvance();
  return unused;
}
static void* second(void* unused) {
  stepWait(1);
  USE_VALUE(kept[10]);
  free(realloc(moved, 300000)); /* too big for its place */
  return unused;
}

int main(void) {
  pthread_t threads[2];
  kept = malloc(100);
  moved = malloc(100);
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  free(kept);
  return 0;
}
