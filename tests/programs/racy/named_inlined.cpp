// Frames that were inlined into one another are shown one by one, on both sides.
// EXPECT: races=1
// EXPECT: contains "innermost"
// EXPECT: contains "middle"
// EXPECT: contains "outermost"
// EXPECT: contains "otherInner"
// EXPECT: contains "otherOuter"
// EXPECT: at=innermost
// EXPECT: at=middle
// EXPECT: at=outermost
// EXPECT: at=otherInner
// EXPECT: at=otherOuter
#include "threads.h"

#define INLINED __attribute__((always_inline)) inline

int shared_value;

INLINED void innermost(int value) {
  shared_value = value;  // at: innermost
}
INLINED void middle(int value) {
  innermost(value + 1);  // at: middle
}
__attribute__((noinline)) void outermost() {
  middle(1);  // at: outermost
  __asm__ volatile("");
}
INLINED int otherInner() {
  return shared_value;  // at: otherInner
}
__attribute__((noinline)) void otherOuter() {
  USE_VALUE(otherInner());  // at: otherOuter
}

int main() {
  runUnordered([] { outermost(); }, [] { otherOuter(); });
}
