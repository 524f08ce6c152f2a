// A function that throws counts as done, as one that panics does in Go; what its caller then does to
// repair that is not ordered before the return of others.
// EXPECT: races=1
#include "hindsight/once.h"
#include "threads.h"

int value;

int main() {
  hindsight::once first;
  runUnordered(
      [&] {
        try {
          first.call([] { throw 1; });
        } catch (int) {
          value = -1;
        }
      },
      [&] {
        first.call([] { abort(); });
        USE_VALUE(value);
      });
}
