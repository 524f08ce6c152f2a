// Two threads each update one half of an array in vectorised loops; the halves overlap by one
// element.
// EXPECT: races=2
#include "threads.h"

constexpr int kCount = 1000;
float written[kCount];
float converted[kCount];
double results[kCount];

__attribute__((noinline)) void scale(float* a, int n) {
  for (int i = 0; i < n; i++) a[i] = a[i] * 2 + 1;
}
__attribute__((noinline)) void convert(double* to, const float* from, int n) {
  for (int i = 0; i < n; i++) to[i] = from[i];
}

int main() {
  runUnordered([] { scale(written, kCount / 2 + 1); },
               [] { scale(written + kCount / 2, kCount / 2); });
  runUnordered([] { convert(results, converted, kCount / 2 + 1); }, [] { converted[kCount / 2] = 1; });
}
