// sync_std_shared_timed_mutex.cpp - std::shared_timed_mutex.
// Clean: a write is published under the exclusive lock.
// TSan: false report on the clean twin (it does not know the clock variants).
#include <chrono>
#include <shared_mutex>

#include "schedule.h"
#include "threads.h"

std::shared_timed_mutex mutex;
int value;

int main() {
  constexpr std::chrono::seconds kLong(60);
  runThreads(
      [=] {
        if (!mutex.try_lock_for(kLong)) abort();
        value = 1;
        mutex.unlock();
        stepAdvance();
      },
      [=] {
        stepWait(1);
        if (!mutex.try_lock_shared_until(std::chrono::system_clock::now() + kLong)) abort();
        if (value != 1) abort();
        mutex.unlock_shared();
      });
  return 0;
}
