// sync_std_condition_variable.cpp - std::condition_variable: wait, wait_for, wait_until.
// Clean: the write comes before the unlock.
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "schedule.h"
#include "threads.h"

std::mutex mutex;
std::condition_variable condition;
int stage, value;

void advance() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    ++stage;
    ++value;
  }
  condition.notify_all();
}

int main() {
  runThreads(
      [] {
        for (int i = 0; i < 3; ++i) {
          stepWait(i + 1);
          advance();
        }
      },
      [] {
        std::unique_lock<std::mutex> lock(mutex);
        stepAdvance();
        condition.wait(lock, [] { return stage == 1; });
        stepAdvance();
        if (!condition.wait_for(lock, std::chrono::seconds(60), [] { return stage == 2; })) abort();
        stepAdvance();
        const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(60);
        if (!condition.wait_until(lock, deadline, [] { return stage == 3; })) abort();
        if (value < 0) abort();
      });
  return 0;
}
