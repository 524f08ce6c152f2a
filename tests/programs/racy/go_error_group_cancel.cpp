// What a function notes while it fails is ordered before those who see the token cancelled; what
// another function does in the meantime is not.
// EXPECT: races=1
#include "hindsight/error_group.h"
#include "threads.h"

int progress;

int main() {
  hindsight::error_group group;
  group.go([] {
    stepWait(1);
    throw 1;
  });
  group.go([] {
    progress = 1;
    stepAdvance();
  });
  group.go([stop = group.token()] {
    stop.done().receive();
    USE_VALUE(progress);
  });
  try {
    group.wait();
  } catch (int) {
  }
}
