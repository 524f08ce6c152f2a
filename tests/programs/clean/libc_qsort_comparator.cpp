// libc_qsort_comparator.cpp - the comparator of qsort reads what a joined thread has written.
// Clean: pthread_join.
#include <stdlib.h>

#include "schedule.h"
#include "threads.h"

int weight = 1;
int numbers[4] = {3, 1, 4, 2};

int compareWeighted(const void* left, const void* right) {
  return (*static_cast<const int*>(left) - *static_cast<const int*>(right)) * weight;
}

__attribute__((noinline)) void sortWeighted() {
  qsort(numbers, 4, sizeof(int), compareWeighted);
  USE_VALUE(numbers[0]);
}

int main() {
  runOrdered([] { weight = 2; }, [] { sortWeighted(); });
  return 0;
}
