// sync_std_promise.cpp - set_value happens before the get that returns it.
// Clean: the producer changes the object before.
#include <future>

#include "schedule.h"
#include "threads.h"

int value;

int main() {
  std::promise<int*> promise;
  std::future<int*> future = promise.get_future();
  runThreads(
      [&] {
        value = 1;
        promise.set_value(&value);
        stepAdvance();
      },
      [&] {
        int* result = future.get();
        stepWait(1);
        if (*result != 1) abort();
      });
  return 0;
}
