// A done() too many throws and orders nothing.
// EXPECT: races=1
#include "hindsight/wait_group.h"
#include "threads.h"

int result;

int main() {
  hindsight::wait_group group;
  runUnordered(
      [&] {
        result = 1;
        try {
          group.done();
          abort();
        } catch (const hindsight::misuse&) {
        }
      },
      [&] {
        group.wait();
        USE_VALUE(result);
      });
}
