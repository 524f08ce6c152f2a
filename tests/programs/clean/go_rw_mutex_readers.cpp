// Three readers and two writers; every kind of lock.
#include <mutex>
#include <shared_mutex>

#include "hindsight/rw_mutex.h"
#include "threads.h"

hindsight::rw_mutex mutex;
long first;
long second;

int main() {
  runThreadsIndexed(5, [](int i) {
    for (int n = 0; n < 300; n++) {
      if (i < 3) {
        std::shared_lock lock(mutex, std::defer_lock);
        if (n % 3 != 0 || !lock.try_lock()) lock.lock();
        if (first != second) abort();
      } else {
        std::unique_lock lock(mutex, std::defer_lock);
        if (n % 3 != 0 || !lock.try_lock()) lock.lock();
        first++;
        second++;
      }
    }
  });
}
