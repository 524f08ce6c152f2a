// Loops of every shape leave alone what they do not touch: the elements before and after, the gaps
// of a stride, the part of a matrix outside a block, what lies behind an early exit.
#include "threads.h"

constexpr int kCount = 100;

template <int kScenario>
int numbers[kCount];

__attribute__((noinline)) void middle(int* a, int n) {
  for (int i = 1; i < n - 1; i++) a[i] = i;
}
__attribute__((noinline)) void middleBackwards(int* a, int n) {
  for (int i = n - 2; i >= 1; i--) a[i] = i;
}
__attribute__((noinline)) void middleOfRows(int* a, int n) {
  for (int row = 0; row < n / 10; row++)
    for (int column = 1; column < 9; column++) a[row * 10 + column] = column;
}
__attribute__((noinline)) void strided(int* a, int n) {
  for (int i = 1; i < n; i += 3) a[i] = i;
}
__attribute__((noinline)) void untilFound(int* a, int n) {
  for (int i = 1; i < n; i++) {
    a[i] = i;
    if (i % 8 == 7) break;
  }
}
__attribute__((noinline)) void everySecond(int* a, int n) {
  for (int i = 0; i < n; i++)
    if (i % 2 == 1) a[i] = i;
}
__attribute__((noinline)) void notAtAll(int* a, int n) {
  for (int i = 0; i < n - 100; i++) a[i] = i;
}

void writeEnds(int* a) {
  a[0] = 1;
  a[kCount - 1] = 1;
}
void writeColumns(int* a) {
  for (int row = 0; row < kCount / 10; row++) {
    a[row * 10] = 1;
    a[row * 10 + 9] = 1;
  }
}
void writeGaps(int* a) {
  for (int i = 0; i < kCount; i++)
    if (i % 3 != 1) a[i] = 1;
}
void writeBehind(int* a) {
  a[0] = 1;
  for (int i = 8; i < kCount; i++) a[i] = 1;
}
void writeEven(int* a) {
  for (int i = 0; i < kCount; i += 2) a[i] = 1;
}
void writeAll(int* a) {
  for (int i = 0; i < kCount; i++) a[i] = 1;
}

template <int kScenario>
void neighbours(void (*loop)(int*, int), void (*others)(int*)) {
  runUnordered([=] { loop(numbers<kScenario>, kCount); }, [=] { others(numbers<kScenario>); });
  runUnordered([=] { others(numbers<kScenario + 1>); },
               [=] { loop(numbers<kScenario + 1>, kCount); });
}

int main() {
  neighbours<0>(middle, writeEnds);
  neighbours<2>(middleBackwards, writeEnds);
  neighbours<4>(middleOfRows, writeColumns);
  neighbours<6>(strided, writeGaps);
  neighbours<8>(untilFound, writeBehind);
  neighbours<10>(everySecond, writeEven);
  neighbours<12>(notAtAll, writeAll);
}
