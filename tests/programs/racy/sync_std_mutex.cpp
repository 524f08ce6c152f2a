// sync_std_mutex.cpp - std::mutex with lock_guard, unique_lock and scoped_lock.
// Racy: one thread owns one of two mutexes, the other thread owns the other.
#include <mutex>

#include "schedule.h"
#include "threads.h"

std::mutex first, second;
int value;

int main() {
  runThreads(
      [] {
        {
          std::unique_lock<std::mutex> lock(first);
          ++value;
        }
        stepAdvance();
        stepWait(2);
        std::scoped_lock lock(first, second);
        ++value;
      },
      [] {
        stepWait(1);
        {
          std::lock_guard<std::mutex> lock(second);
          ++value;
        }
        stepAdvance();
      });
  return 0;
}
