// The same with the add that was missing; a done() too many after it throws and leaves the group as
// it was.
#include "hindsight/wait_group.h"
#include "threads.h"

int result;

int main() {
  hindsight::wait_group group;
  group.add(1);
  runUnordered(
      [&] {
        result = 1;
        group.done();
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
