// sync_std_mutex.cpp - std::mutex with lock_guard, unique_lock and scoped_lock.
// Clean: both threads own the second mutex.
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
          std::scoped_lock<std::mutex> other(second);
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
