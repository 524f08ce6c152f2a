// What the first caller writes after its call is not ordered before the return of others.
// EXPECT: races=1
#include "hindsight/once.h"
#include "threads.h"

int value;

int main() {
  hindsight::once first;
  runUnordered(
      [&] {
        first.call([] {});
        value = 1;  // should be in the function
      },
      [&] {
        first.call([] { abort(); });
        USE_VALUE(value);
      });
}
