// Two threads each update one half of an array in vectorised loops, many times, at odd offsets.
#include "threads.h"

constexpr int kCount = 1000;
float numbers[kCount + 3];
double results[kCount + 3];

__attribute__((noinline)) void scale(float* a, int n) {
  for (int i = 0; i < n; i++) a[i] = a[i] * 0.5f + 1;
}
__attribute__((noinline)) void convert(double* to, const float* from, int n) {
  for (int i = 0; i < n; i++) to[i] = from[i];
}

int main() {
  for (int offset = 0; offset < 4; offset++) {
    runThreads(
        [=] {
          for (int n = 0; n < 50; n++) {
            scale(numbers + offset, kCount / 2);
            convert(results + offset, numbers + offset, kCount / 2);
          }
        },
        [=] {
          for (int n = 0; n < 50; n++) {
            scale(numbers + offset + kCount / 2, kCount / 2 - 1);
            convert(results + offset + kCount / 2, numbers + offset + kCount / 2, kCount / 2 - 1);
          }
        });
  }
}
