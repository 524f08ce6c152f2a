// sync_std_shared_mutex.cpp - std::shared_mutex.
// Clean: the counter is changed under the exclusive lock.
#include <mutex>
#include <shared_mutex>

#include "schedule.h"
#include "threads.h"

std::shared_mutex mutex;
int value, hits;

int main() {
  auto reader = [] {
    {
      std::shared_lock<std::shared_mutex> lock(mutex);
      if (value != 1) abort();
      barrierUninstrumented(3);
    }
    std::unique_lock<std::shared_mutex> lock(mutex);
    ++hits;
  };
  {
    std::unique_lock<std::shared_mutex> lock(mutex);
    value = 1;
  }
  runThreads(reader, reader, reader);
  return 0;
}
