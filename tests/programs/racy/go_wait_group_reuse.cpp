// A group that is used again while an earlier wait may not have returned. Nothing goes wrong this
// time. (Go: "WaitGroup is reused before previous Wait has returned", if it notices.)
// EXPECT: races=1
// EXPECT: contains "wait_group::add"
// EXPECT: contains "wait_group::wait"
#include "hindsight/wait_group.h"
#include "threads.h"

int main() {
  hindsight::wait_group group;
  hindsight_test::Step returned;
  group.add(1);
  Thread waiter([&] {
    group.wait();
    returned.advance();
  });
  group.done();
  returned.wait(1);  // in time, but the next add is not ordered after it
  group.add(1);
  group.done();
  waiter.join();
}
