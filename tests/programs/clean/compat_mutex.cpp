// compat_mutex.cpp - a lock of the program's own, described by __tsan_mutex_*: it orders what it
// protects at every level of recursion, whatever it is made of, and its own accesses are ignored;
// code that it calls back (divert) is checked. The racy twin takes other locks than its partner.
#include <pthread.h>
#include <sched.h>

#include "schedule.h"

extern "C" {
void __tsan_mutex_create(void*, unsigned);
void __tsan_mutex_destroy(void*, unsigned);
void __tsan_mutex_pre_lock(void*, unsigned);
void __tsan_mutex_post_lock(void*, unsigned, int);
int __tsan_mutex_pre_unlock(void*, unsigned);
void __tsan_mutex_post_unlock(void*, unsigned);
void __tsan_mutex_pre_signal(void*, unsigned);
void __tsan_mutex_post_signal(void*, unsigned);
void __tsan_mutex_pre_divert(void*, unsigned);
void __tsan_mutex_post_divert(void*, unsigned);
}
constexpr unsigned kReadLock = 1 << 3, kTry = 1 << 4, kFailed = 1 << 5, kRecursiveLock = 1 << 6,
                   kRecursiveUnlock = 1 << 7;

/// Its word is handed on by instructions that no detector sees, and `owners_` is a plain variable:
/// without the description it would order nothing, and race.
class OwnLock {
 public:
  OwnLock() { __tsan_mutex_create(this, 0); }
  ~OwnLock() { __tsan_mutex_destroy(this, 0); }
  template <class Callback>
  void lock(unsigned flags, int levels, Callback whileWaiting) {
    __tsan_mutex_pre_lock(this, flags);
    ++owners_;
    __tsan_mutex_pre_divert(this, 0);
    whileWaiting();
    __tsan_mutex_post_divert(this, 0);
    while (!take()) sched_yield();
    __tsan_mutex_post_lock(this, flags, levels);
  }
  void lock(unsigned flags = 0, int levels = 0) {
    lock(flags, levels, [] {});
  }
  bool tryLock() {
    __tsan_mutex_pre_lock(this, kTry);
    const bool done = take();
    __tsan_mutex_post_lock(this, done ? kTry : kTry | kFailed, 0);
    return done;
  }
  void lockAgain() {
    __tsan_mutex_pre_lock(this, 0);
    __tsan_mutex_post_lock(this, 0, 0);
  }
  void unlockOnce() {
    __tsan_mutex_pre_unlock(this, 0);
    __tsan_mutex_post_unlock(this, 0);
  }
  int unlock(unsigned flags = 0) {
    const int levels = __tsan_mutex_pre_unlock(this, flags);
    give();
    __tsan_mutex_post_unlock(this, flags);
    return levels;
  }
  void signal() {
    __tsan_mutex_pre_signal(this, 0);
    ++owners_;
    __tsan_mutex_post_signal(this, 0);
  }

 private:
  HINDSIGHT_TEST_UNINSTRUMENTED bool take() {
    return __atomic_exchange_n(&word_, 1, __ATOMIC_SEQ_CST) == 0;
  }
  HINDSIGHT_TEST_UNINSTRUMENTED void give() { __atomic_store_n(&word_, 0, __ATOMIC_SEQ_CST); }
  int word_ = 0, owners_ = 0;
};

StepCounter turn;
OwnLock common, partner;
int plain, recursive, tried, read, diverted;
#ifdef RACY
OwnLock& others = partner;
#else
OwnLock& others = common;
#endif

void* other(void*) {
  others.lock();
  plain = 1;
  others.lockAgain();
  others.lockAgain();
  recursive = 1;
  // All levels at once and back, as a condition variable does.
  const int levels = others.unlock(kRecursiveUnlock);
  others.lock(kRecursiveLock, levels);
  recursive = levels;
  others.unlockOnce();
  others.unlockOnce();
  recursive = 4;
  read = 1;
  tried = 1;
  others.unlock();
  others.signal();
#ifdef RACY
  others.lock(0, 0, [] { diverted = 1; });
  others.unlock();
#endif
  stepCounterAdvance(&turn);
  return nullptr;
}

int main() {
  int failures = 0;
  pthread_t thread;
  pthread_create(&thread, nullptr, other, nullptr);
  stepCounterWait(&turn, 1);
#ifdef RACY
  common.lock();
  failures += common.tryLock();  // in vain: orders nothing
  common.unlock();
#endif
  if (common.tryLock()) {
    ++tried;
    common.unlock();
  }
  common.lock(0, 0, [] { ++diverted; });
  ++plain;
  failures += recursive != 4;
  common.unlock();
  common.lock(kReadLock);
  USE_VALUE(read);
  common.unlock(kReadLock);
  common.signal();
  pthread_join(thread, nullptr);
  return failures;
}
