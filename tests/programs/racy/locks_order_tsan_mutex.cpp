// Locks that the program describes by annotations are in the order, too.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
#include "threads.h"

extern "C" {
void __tsan_mutex_pre_lock(void*, unsigned);
void __tsan_mutex_post_lock(void*, unsigned, int);
int __tsan_mutex_pre_unlock(void*, unsigned);
void __tsan_mutex_post_unlock(void*, unsigned);
}

struct Lock {
  int taken = 0;
  void lock() {
    __tsan_mutex_pre_lock(this, 0);
    while (__atomic_exchange_n(&taken, 1, __ATOMIC_ACQUIRE) != 0) {
    }
    __tsan_mutex_post_lock(this, 0, 0);
  }
  void unlock() {
    __tsan_mutex_pre_unlock(this, 0);
    __atomic_store_n(&taken, 0, __ATOMIC_RELEASE);
    __tsan_mutex_post_unlock(this, 0);
  }
};

Lock a, b;

static void take(Lock& first, Lock& second) {
  first.lock();
  second.lock();
  second.unlock();
  first.unlock();
}

int main() {
  runUnordered([] { take(a, b); }, [] { take(b, a); });
}
