// A loop changes a place under a condition that holds once; the optimiser loads the place before the loop and then
// unrolls it. Another thread writes the place, in either order.
// EXPECT: races>=2
#include "threads.h"

constexpr int kRounds = 8;
constexpr int kWanted = 5;
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
