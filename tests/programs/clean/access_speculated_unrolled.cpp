// A loop changes a place under a condition that never holds; the optimiser loads the place before the loop and then
// unrolls it. What the source never reads must not be reported, in whatever order another thread writes it.
// TSan: false report at -O2 and -O3.
#include "threads.h"

constexpr int kRounds = 8;
constexpr int kWanted = 99;
int numbers[kRounds];
int mixed;
signed char place;

__attribute__((noinline)) static int work() {
  int sum = 0;
  for (int i = 0; i < kRounds; i++) {
    if (numbers[i] == kWanted) place = static_cast<signed char>(place + 1);
    sum ^= mixed;
  }
  return sum;
}

int main() {
  for (int i = 0; i < kRounds; i++) numbers[i] = i;
  runUnordered([] { USE_VALUE(work()); }, [] { place = 1; });
  runUnordered([] { place = 2; }, [] { USE_VALUE(work()); });
}
