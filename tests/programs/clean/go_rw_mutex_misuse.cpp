// A lock belongs to no thread, as in Go: one locks, another unlocks. The order is that of the
// unlocking thread.
#include "hindsight/rw_mutex.h"
#include "threads.h"

hindsight::rw_mutex mutex;
int data;

int main() {
  mutex.lock();
  runUnordered(
      [] {
        data = 1;
        mutex.unlock();
      },
      [] {
        mutex.lock();
        USE_VALUE(data);
      });
  mutex.unlock();
  try {
    mutex.unlock();
    abort();
  } catch (const hindsight::misuse&) {
  }
}
