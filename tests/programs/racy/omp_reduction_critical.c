// omp_reduction_critical.c - a reduction, made by the method called critical.
// Racy: the result is read before the next barrier.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
// ENV: KMP_FORCE_REDUCTION=critical
#include <omp.h>

#include "schedule.h"

enum { kThreads = 4, kCount = 200 };

int main(void) {
  int wrong = 0;
  for (int round = 0; round < 20; ++round) {
    int sum = 0, largest = 0, seen[kThreads];
    double product = 1;
#pragma omp parallel num_threads(kThreads) shared(sum, largest, product, seen)
    {
#pragma omp for reduction(+ : sum) reduction(max : largest) nowait
      for (int i = 0; i < kCount; ++i) {
        sum += i;
        if (i > largest) largest = i;
      }
      barrierUninstrumented(kThreads);
      seen[omp_get_thread_num()] = sum;
#pragma omp for reduction(* : product)
      for (int i = 0; i < kCount; ++i) product *= 1;
    }
    wrong += largest != kCount - 1 || product != 1;
    for (int i = 0; i < kThreads; ++i) wrong += seen[i] != sum;
  }
  return wrong;
}
