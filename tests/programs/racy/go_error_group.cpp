// The results of a group are read before it has been waited for.
// EXPECT: races=1
#include "hindsight/error_group.h"
#include "threads.h"

int result;

int main() {
  hindsight::error_group group;
  group.go([] {
    result = 1;
    stepAdvance();
  });
  stepWait(1);
  USE_VALUE(result);
  group.wait();
}
