// sync_std_shared_timed_mutex.cpp - std::shared_timed_mutex.
// Racy: a write is published under the shared lock.
// libc++ times the wait in its header, under a mutex of its own that orders the two readers, too:
// REQUIRES: libstdc++
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
        if (!mutex.try_lock_shared_for(kLong)) abort();
        value = 1;
        mutex.unlock_shared();
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
