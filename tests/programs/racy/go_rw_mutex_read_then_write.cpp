// A reader that looks again after it has unlocked races with the writer that came in between.
// EXPECT: races=1
#include "hindsight/rw_mutex.h"
#include "threads.h"

hindsight::rw_mutex mutex;
int value;

int main() {
  runUnordered(
      [] {
        mutex.lock_shared();
        USE_VALUE(value);
        mutex.unlock_shared();
        USE_VALUE(value);  // should be above
      },
      [] {
        mutex.lock();
        value = 1;
        mutex.unlock();
      });
}
