// sync_std_atomic_wait.cpp - std::atomic wait and notify.
// Clean: the store that ends the wait is a release.
#include <atomic>

#include "schedule.h"
#include "threads.h"

std::atomic<int> ready(0);
int value;

int main() {
  runThreads(
      [] {
        value = 1;
        ready.store(1, std::memory_order_release);
        ready.notify_one();
      },
      [] {
        ready.wait(0, std::memory_order_acquire);
        if (value != 1) abort();
      });
  return 0;
}
