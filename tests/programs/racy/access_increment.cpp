// The trivial race: two unordered increments, in both orders of creation, and by main itself.
// EXPECT: races=2
#include "threads.h"

int by_threads;
int by_main;

int main() {
  runUnordered([] { by_threads++; }, [] { by_threads--; });

  hindsight_test::Step step;
  Thread thread([&] {
    by_main++;
    step.advance();
  });
  step.wait(1);
  by_main--;
  thread.join();
}
