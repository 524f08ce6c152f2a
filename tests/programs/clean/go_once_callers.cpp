// The first caller's past comes with the function that it runs.
#include "hindsight/once.h"
#include "threads.h"

int value;

int main() {
  hindsight::once first;
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
