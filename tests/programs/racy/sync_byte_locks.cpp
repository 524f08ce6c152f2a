// sync_byte_locks.cpp - locks of one byte each, side by side: two critical sections of different ones are not ordered.
// EXPECT: races=1
#include <sanitizer/tsan_interface.h>

#include "threads.h"

/// The smallest lock that describes itself.
class ByteLock {
 public:
  void lock() {
    __tsan_mutex_pre_lock(&taken_, 0);
    while (__atomic_exchange_n(&taken_, true, __ATOMIC_RELAXED)) sched_yield();
    __tsan_mutex_post_lock(&taken_, 0, 0);
  }
  void unlock() {
    __tsan_mutex_pre_unlock(&taken_, 0);
    __atomic_store_n(&taken_, false, __ATOMIC_RELAXED);
    __tsan_mutex_post_unlock(&taken_, 0);
  }

 private:
  bool taken_ = false;
};

ByteLock locks[2];
int x;

static void count(ByteLock& lock) {
  lock.lock();
  x++;
  lock.unlock();
}

int main() {
  runThreads(
      [] {
        count(locks[1]);
        stepAdvance();
      },
      [] {
        stepWait(1);
        count(locks[0]);
      });
}
