// The flag under the lock.
#include <mutex>

#include "hindsight/cond.h"
#include "threads.h"

std::mutex mutex;
hindsight::cond stopped(mutex);
bool stop;

int main() {
  runUnordered(
      [] {
        {
          std::lock_guard lock(mutex);
          stop = true;
        }
        stopped.broadcast();
      },
      [] {
        std::unique_lock lock(mutex);
        stopped.wait([] { return stop; });
      });
}
