// With a limit of two, two functions may run at a time: they are not ordered.
// EXPECT: races=1
#include "hindsight/error_group.h"
#include "threads.h"

int total;

int main() {
  hindsight::error_group group;
  group.set_limit(2);
  group.go([] {
    total++;
    stepAdvance();
  });
  group.go([] {
    stepWait(1);
    total++;
  });
  group.wait();
}
