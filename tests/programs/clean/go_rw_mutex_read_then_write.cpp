// unlock_shared -> the next lock, in whatever order they come, with any number of readers.
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
      },
      [] {
        mutex.lock();
        value = 1;
        mutex.unlock();
      });
  hindsight_test::Step reads;
  Thread readers([&] {
    runThreadsIndexed(2, [&](int) {
      mutex.lock_shared();
      reads.advance();
      USE_VALUE(value);
      mutex.unlock_shared();
    });
  });
  reads.wait(2);
  mutex.lock();  // may have to wait for them
  value = 2;
  mutex.unlock();
  readers.join();
}
