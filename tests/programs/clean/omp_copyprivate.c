// omp_copyprivate.c - copyprivate hands what one thread computed to the private variables of the others.
// Clean: the copies are made while all wait.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

struct Parcel {
  int numbers[16];
};

static struct Parcel shared_parcel;

int main(void) {
  int sum = 0;
  for (int round = 0; round < 10; ++round) {
#pragma omp parallel num_threads(3) reduction(+ : sum)
    {
      struct Parcel parcel = {{0}};
      (void)shared_parcel;

#pragma omp single copyprivate(parcel)
      parcel.numbers[15] = 3;
      sum += parcel.numbers[15];
    }
  }
  return sum == 90 ? 0 : 1;
}
