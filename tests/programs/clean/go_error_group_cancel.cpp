// The first error -> whoever finds the token cancelled, by asking or by a select.
#include "hindsight/error_group.h"
#include "threads.h"

int reason;

int main() {
  for (int round = 0; round < 30; round++) {
    hindsight::error_group group;
    group.go([] {
      reason = 5;
      throw 1;
    });
    group.go([stop = group.token()] {
      while (!stop.cancelled()) sched_yield();
      if (reason != 5) abort();
    });
    group.go([stop = group.token()] {
      const hindsight::chan<int> work(0);
      hindsight::select(hindsight::on_receive(work), hindsight::on_receive(stop.done()));
      if (reason != 5) abort();
    });
    try {
      group.wait();
      abort();
    } catch (int) {
    }
    reason = 0;
  }
}
