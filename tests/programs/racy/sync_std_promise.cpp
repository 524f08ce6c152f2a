// sync_std_promise.cpp - set_value happens before the get that returns it.
// Racy: the producer changes the object after it has set the pointer to it.
#include <future>

#include "schedule.h"
#include "threads.h"

int value;

int main() {
  std::promise<int*> promise;
  std::future<int*> future = promise.get_future();
  runThreads(
      [&] {
        promise.set_value(&value);
        value = 1;
        stepAdvance();
      },
      [&] {
        int* result = future.get();
        stepWait(1);
        if (*result != 1) abort();
      });
  return 0;
}
