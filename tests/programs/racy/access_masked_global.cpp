// A loop over a global array that loads under a condition becomes masked loads, and once it is unrolled, of places that
// are known to be there: the lanes that are off are not the program's reads all the same.
// Here another thread writes to one that is on.
// EXPECT: races=1
// FLAGS: -std=c++20 -pthread -mavx2
// REQUIRES: arch=x86_64
#include "threads.h"

constexpr int kCount = 64;
int flags[kCount];
int numbers[kCount];

__attribute__((noinline)) int sumWhereSet(const int* on) {
  int sum = 0;
  for (int i = 0; i < kCount; i++)
    if (on[i] != 0) sum += numbers[i];
  return sum;
}

int main() {
  for (int i = 0; i < kCount; i += 2) flags[i] = 1;
  runUnordered([] { USE_VALUE(sumWhereSet(flags)); },
               [] {
                 numbers[36] = 1;
               });
}
