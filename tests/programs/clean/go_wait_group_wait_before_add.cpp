// The adds that start from zero come before the threads; others may come at any time, and any number
// of threads may wait.
#include "hindsight/wait_group.h"
#include "threads.h"

int leaves[4];

int main() {
  for (int round = 0; round < 50; round++) {
    hindsight::wait_group group;
    group.add(1);
    Thread waiter([&] { group.wait(); });
    Thread worker([&] {
      for (int& leaf : leaves) group.go([&leaf] { leaf++; });
      group.done();
    });
    group.wait();
    for (int& leaf : leaves) USE_VALUE(leaf);
    waiter.join();
    worker.join();
  }
}
