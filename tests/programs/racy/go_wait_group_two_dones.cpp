// A wait group orders the workers before the wait, not among themselves.
// EXPECT: races=1
#include "hindsight/wait_group.h"
#include "threads.h"

int shared;

int main() {
  hindsight::wait_group group;
  group.add(2);
  runUnordered(
      [&] {
        shared = 1;
        group.done();
      },
      [&] {
        group.done();
        USE_VALUE(shared);
      });
  group.wait();
}
