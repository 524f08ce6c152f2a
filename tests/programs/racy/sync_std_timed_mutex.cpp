// sync_std_timed_mutex.cpp - std::timed_mutex, obtained with try_lock_for and try_lock_until.
// Racy: the attempt is too late and the thread goes on.
#include <chrono>
#include <mutex>

#include "schedule.h"
#include "threads.h"

std::timed_mutex mutex;
int value;

int main() {
  runThreads(
      [] {
        if (!mutex.try_lock_for(std::chrono::seconds(60))) abort();
        value = 1;
        stepAdvance();
        stepWait(2);
        mutex.unlock();
      },
      [] {
        stepWait(1);
        if (mutex.try_lock_until(std::chrono::system_clock::now())) abort();
        ++value;
        stepAdvance();
      });
  return 0;
}
