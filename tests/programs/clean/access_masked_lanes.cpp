// A conditional load or store that is vectorised into a masked one, or a gather, does not touch
// the lanes that are off.
// FLAGS: -std=c++20 -pthread -mavx2
// REQUIRES: arch=x86_64
#include "threads.h"

constexpr int kCount = 256;
int flags[kCount];
int numbers[kCount];
int indices[kCount];
int table[kCount * 2];

__attribute__((noinline)) void addWhereSet(int* a, const int* on, int n) {
  for (int i = 0; i < n; i++)
    if (on[i]) a[i] += 5;
}
__attribute__((noinline)) int sumIndexed(const int* values, const int* at, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += values[at[i]];
  return sum;
}

int main() {
  for (int i = 0; i < kCount; i += 7) flags[i] = 1;
  for (int i = 0; i < kCount; i++) indices[i] = (i * 37) % kCount * 2;  // even entries only
  runUnordered([] { addWhereSet(numbers, flags, kCount); },
               [] {
                 for (int i = 0; i < kCount; i++)
                   if (i % 7 != 0) numbers[i] = 1;
               });
  runUnordered([] { USE_VALUE(sumIndexed(table, indices, kCount)); },
               [] {
                 for (int i = 1; i < kCount * 2; i += 2) table[i] = 1;
               });
}
