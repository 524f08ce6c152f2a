// signal() and broadcast() order nothing of their own: what is written without the lock before them
// races with what the woken thread reads.
// EXPECT: races=2
// EXPECT: contains "afterSignal"
// EXPECT: contains "afterBroadcast"
#include <mutex>

#include "hindsight/cond.h"
#include "threads.h"

std::mutex mutex;
hindsight::cond condition(mutex);
int signalled;
int broadcast;

__attribute__((noinline)) void afterSignal() { USE_VALUE(signalled); }
__attribute__((noinline)) void afterBroadcast() { USE_VALUE(broadcast); }

/// Runs `then` in a thread of its own when the condition is signalled, `change` before that.
template <class Then, class Change>
void wake(int step, Then then, Change change) {
  Thread waiter([=] {
    std::unique_lock lock(mutex);
    stepAdvance();
    condition.wait();
    then();
  });
  stepWait(step);
  { std::lock_guard lock(mutex); }  // free: the waiter waits
  change();                         // should be in between
  waiter.join();
}

int main() {
  wake(1, [] { afterSignal(); },
       [] {
         signalled = 1;
         condition.signal();
       });
  wake(2, [] { afterBroadcast(); },
       [] {
         broadcast = 1;
         condition.broadcast();
       });
}
