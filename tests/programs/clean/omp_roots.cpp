// omp_roots.cpp - two threads of the program, each with OpenMP teams of its own.
// Clean: each team writes its own, and the threads are joined.
//
// REQUIRES: openmp
// FLAGS: -std=c++20 -pthread -fopenmp
#include <omp.h>

#include "threads.h"

static int sums[2];

static void count(int own) {
  int sum = 0;
#pragma omp parallel for num_threads(2) reduction(+ : sum)
  for (int i = 0; i < 100; ++i) sum += i;
#pragma omp parallel num_threads(2)
#pragma omp master
  sums[own] = sum;
}

int main() {
  runThreads([] { count(0); }, [] { count(1); });
  return sums[0] == 4950 ? 0 : 1;
}
