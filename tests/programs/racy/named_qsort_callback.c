// The comparison function is called from inside the C library's qsort, which is not instrumented:
// the frames on both sides of it are shown all the same.
// EXPECT: races=1
// EXPECT: contains "compare"
// EXPECT: contains "sortNames"
// EXPECT: at=sorted
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

int comparisons;

static int compare(const void* left, const void* right) {
  comparisons++; /* races with reset() */
  return *(const int*)left - *(const int*)right;
}
__attribute__((noinline)) static void sortNames(int* names, size_t count) {
  qsort(names, count, sizeof *names, compare);  // at: sorted
  __asm__ volatile("");
}
static void* sorter(void* unused) {
  int names[] = {3, 2, 1};
  sortNames(names, 3);
  stepAdvance();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, sorter, NULL);
  stepWait(1);
  comparisons = 0;
  pthread_join(thread, NULL);
  return 0;
}
