// A try that fails orders nothing, neither with a reader nor with a writer that has the lock.
// EXPECT: races=3
#include "hindsight/rw_mutex.h"
#include "threads.h"

hindsight::rw_mutex mutex;
int data[3];

int main() {
  runUnordered(
      [] {
        mutex.lock();
        data[0] = 1;
        mutex.unlock();
        mutex.lock();
        data[1] = 1;
      },
      [] {
        if (mutex.try_lock()) abort();
        USE_VALUE(data[0]);
        if (mutex.try_lock_shared()) abort();
        USE_VALUE(data[1]);
      });
  mutex.unlock();
  runUnordered(
      [] {
        mutex.lock_shared();
        data[2] = 1;
      },
      [] {
        if (mutex.try_lock()) abort();
        USE_VALUE(data[2]);
      });
}
