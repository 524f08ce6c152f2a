// The flag that a condition is about is written without the lock, "because it is only a bool".
// EXPECT: races>=1
#include <mutex>

#include "hindsight/cond.h"
#include "threads.h"

std::mutex mutex;
hindsight::cond stopped(mutex);
bool stop;

int main() {
  runUnordered(
      [] {
        stop = true;  // should be under the lock
        stopped.broadcast();
      },
      [] {
        std::unique_lock lock(mutex);
        stopped.wait([] { return stop; });
      });
}
