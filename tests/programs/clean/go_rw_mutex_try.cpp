// A try that succeeds is a lock.
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
        if (!mutex.try_lock()) abort();
        data[1] = 1;
        mutex.unlock();
      },
      [] {
        if (!mutex.try_lock_shared()) abort();
        USE_VALUE(data[0]);
        USE_VALUE(data[1]);
        mutex.unlock_shared();
        if (!mutex.try_lock()) abort();
        data[2] = 1;
        mutex.unlock();
      });
  if (!mutex.try_lock_shared()) abort();
  USE_VALUE(data[2]);
}
