// A thread_local variable belongs to one thread, but a pointer to it can be given away.
// EXPECT: races=1
// EXPECT: contains "Location is thread-local storage of main thread"
#include "threads.h"

thread_local int mine;
int* given_away;

int main() {
  given_away = &mine;  // main's
  hindsight_test::Step step;
  Thread thread([&] {
    *given_away = 1;
    step.advance();
  });
  step.wait(1);
  mine = 2;
  thread.join();
}
