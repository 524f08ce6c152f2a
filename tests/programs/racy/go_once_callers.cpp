// Two callers that find it done are not ordered.
// EXPECT: races=1
#include "hindsight/once.h"
#include "threads.h"

int value;

int main() {
  hindsight::once first;
  first.call([] {});
  runUnordered(
      [&] {
        value = 1;
        first.call([] {});
      },
      [&] {
        first.call([] {});
        USE_VALUE(value);
      });
}
