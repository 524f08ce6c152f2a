// A writer races with the first, with the fourth, or with the last of eight readers; the others
// are ordered before it. Nothing about the odd one may be forgotten.
// EXPECT: races=3
#include "threads.h"

template <int kUnordered>
long table;

template <int kUnordered>
void race() {
  hindsight_test::Step step;
  Thread* readers[8];
  for (int i = 0; i < 8; i++) {
    readers[i] = new Thread([&step, i] {
      step.wait(i);
      USE_VALUE(table<kUnordered>);
      step.advance();
    });
  }
  for (int i = 0; i < 8; i++)
    if (i != kUnordered) readers[i]->join();
  step.wait(8);
  table<kUnordered> = 1;
  readers[kUnordered]->join();
}

int main() {
  race<0>();
  race<3>();
  race<7>();
}
