// A conditional store that is vectorised into a masked one races in the lanes that are on.
// TSan: missed when vectorised.
// FLAGS: -std=c++20 -pthread -mavx2
// REQUIRES: arch=x86_64
// EXPECT: races=1
#include "threads.h"

constexpr int kCount = 256;
int flags[kCount];
int numbers[kCount];

__attribute__((noinline)) void addWhereSet(int* a, const int* on, int n) {
  for (int i = 0; i < n; i++)
    if (on[i]) a[i] += 5;
}

int main() {
  for (int i = 0; i < kCount; i += 7) flags[i] = 1;
  runUnordered([] { addWhereSet(numbers, flags, kCount); }, [] { numbers[35] = 1; });
}
