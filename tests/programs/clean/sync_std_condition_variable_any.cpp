// sync_std_condition_variable_any.cpp - std::condition_variable_any on a shared lock, and with a
// stop token.
// Clean: the write comes before the unlock.
// libc++ 19 keeps std::stop_token behind -fexperimental-library:
// REQUIRES: libstdc++
#include <condition_variable>
#include <shared_mutex>
#include <stop_token>

#include "schedule.h"
#include "threads.h"

std::shared_mutex mutex;
std::condition_variable_any condition;
bool ready;
int value;

int main() {
  std::stop_source stop;
  runThreads(
      [] {
        stepWait(1);
        {
          std::unique_lock<std::shared_mutex> lock(mutex);
          ready = true;
          value = 1;
        }
        condition.notify_all();
        stepAdvance();
      },
      [] {
        {
          std::shared_lock<std::shared_mutex> lock(mutex);
          stepAdvance();
          condition.wait(lock, [] { return ready; });
        }
        stepWait(2);
        if (value != 1) abort();
      },
      [&] {
        std::unique_lock<std::shared_mutex> lock(mutex);
        condition.wait(lock, stop.get_token(), [] { return false; });
      },
      [&] {
        stepWait(2);
        stop.request_stop();
      });
  return 0;
}
