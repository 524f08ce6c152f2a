// Loops of every shape race with the first and with the last element that they touch: forwards,
// backwards, strided, nested, unknown trip count, early exit, pointer chasing.
// EXPECT: races=16
#include "threads.h"

constexpr int kCount = 100;

// One array per scenario, so that each race is the first on its bytes.
template <int kScenario>
int numbers[kCount];

__attribute__((noinline)) void forwards(int* a, int n) {
  for (int i = 0; i < n; i++) a[i] = i;
}
__attribute__((noinline)) void backwards(int* a, int n) {
  for (int i = n - 1; i >= 0; i--) a[i] = i;
}
__attribute__((noinline)) void strided(int* a, int n) {  // last: n - 1 when n = 3k + 1
  for (int i = 0; i < n; i += 3) a[i] = i;
}
__attribute__((noinline)) void nested(int* a, int n) {
  for (int row = 0; row < n / 10; row++)
    for (int column = 0; column < 10; column++) a[row * 10 + column] = column;
}
__attribute__((noinline)) void transposed(int* a, int n) {
  for (int column = 0; column < 10; column++)
    for (int row = 0; row < n / 10; row++) a[row * 10 + column] = column;
}
__attribute__((noinline)) void untilZero(int* a, int) {  // trip count known to the data only
  for (int* p = a; *p == 0 && p != a + kCount; p++) *p = 1;
}
__attribute__((noinline)) void untilFound(int* a, int n) {
  for (int i = 0; i < n; i++) {
    a[i] = i;
    if (i == n - 1) break;
  }
}
__attribute__((noinline)) void doWhile(int* a, int n) {
  int i = 0;
  do a[i] = i;
  while (++i < n);
}

template <int kScenario>
void race(void (*loop)(int*, int)) {
  runUnordered([=] { loop(numbers<kScenario>, kCount); }, [] { numbers<kScenario>[0] = 5; });
  runUnordered([] { numbers<kScenario + 1>[kCount - 1] = 0; },
               [=] { loop(numbers<kScenario + 1>, kCount); });
}

int main() {
  race<0>(forwards);
  race<2>(backwards);
  race<4>(strided);
  race<6>(nested);
  race<8>(transposed);
  race<10>(untilZero);
  race<12>(untilFound);
  race<14>(doWhile);
}
