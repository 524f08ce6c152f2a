// sync_std_recursive_mutex.cpp - std::recursive_mutex and std::recursive_timed_mutex.
// Clean: both take both.
#include <chrono>
#include <mutex>

#include "schedule.h"
#include "threads.h"

std::recursive_mutex plain;
std::recursive_timed_mutex timed;
int value;

void add(int depth) {
  std::lock_guard<std::recursive_mutex> lock(plain);
  if (depth > 0) return add(depth - 1);
  ++value;
}

void addTimed(int depth) {
  std::unique_lock<std::recursive_timed_mutex> lock(timed, std::chrono::seconds(60));
  if (!lock.owns_lock()) abort();
  if (depth > 0) return addTimed(depth - 1);
  add(0);
}

int main() {
  runThreads(
      [] {
        add(3);
        stepAdvance();
      },
      [] {
        stepWait(1);
        addTimed(3);
      });
  return 0;
}
