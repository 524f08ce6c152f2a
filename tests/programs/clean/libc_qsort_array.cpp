// libc_qsort_array.cpp - qsort of the elements beside one that another thread has just read.
// Clean: nothing outside the range is touched.
#include <stdlib.h>

#include "schedule.h"
#include "threads.h"

int numbers[8] = {5, 3, 8, 1, 9, 2, 7, 4};

int compare(const void* left, const void* right) {
  return *static_cast<const int*>(left) - *static_cast<const int*>(right);
}

int main() {
  runUnordered([] { USE_VALUE(numbers[7]); }, [] { qsort(numbers, 7, sizeof(int), compare); });
  return 0;
}
