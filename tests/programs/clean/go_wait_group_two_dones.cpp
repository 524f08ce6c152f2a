// A worker that waits before it goes on is ordered after the one that is done.
#include "hindsight/wait_group.h"
#include "threads.h"

int shared;

int main() {
  hindsight::wait_group first;
  hindsight::wait_group second;
  first.add(1);
  second.add(1);
  runUnordered(
      [&] {
        shared = 1;
        first.done();
      },
      [&] {
        first.wait();
        USE_VALUE(shared);
        second.done();
      });
  second.wait();
}
