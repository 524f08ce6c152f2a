// A group for one round after the other: each add comes after all waits of the round before.
#include "hindsight/wait_group.h"
#include "threads.h"

int results[3];

int main() {
  hindsight::wait_group group;
  for (int round = 0; round < 60; round++) {
    for (int& result : results) group.go([&result, round] { result = round; });
    Thread waiter([&] { group.wait(); });
    group.wait();
    for (int& result : results)
      if (result != round) abort();
    waiter.join();
  }
}
