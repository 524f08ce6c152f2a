// A queue with two conditions, and a broadcast to readers of an rw_mutex.
#include <mutex>

#include "hindsight/cond.h"
#include "hindsight/rw_mutex.h"
#include "threads.h"

std::mutex mutex;
hindsight::cond not_empty(mutex);
hindsight::cond not_full(mutex);
int queue[4];
int count;
hindsight::rw_mutex shared;
int settings;

int main() {
  runThreadsIndexed(4, [](int i) {
    for (int n = 0; n < 200; n++) {
      std::unique_lock lock(mutex);
      if (i % 2 == 0) {
        not_full.wait([] { return count < 4; });
        queue[count++] = n;
        not_empty.signal();
      } else {
        not_empty.wait([] { return count > 0; });
        USE_VALUE(queue[--count]);
        lock.unlock();
        not_full.signal();  // without the lock is fine, too
      }
    }
  });
  auto reading = shared.r_locker();
  hindsight::cond changed(reading);
  Thread readers([&] {
    runThreadsIndexed(3, [&](int) {
      reading.lock();
      changed.wait([] { return settings != 0; });
      reading.unlock();
    });
  });
  shared.lock();
  settings = 1;
  shared.unlock();
  changed.broadcast();
  readers.join();
}
