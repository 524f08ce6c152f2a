// sync_std_at_thread_exit.cpp - a value that is ready at once is not ordered behind what its thread does
// later; one that is ready when the thread ends is [ISO C++20, futures.state].
// Racy: the producer changes the object after it has set the pointer to it.
// EXPECT: races=1
#include <future>
#include <thread>

#include "schedule.h"

int value;

int main() {
  std::promise<int*> promise;
  std::future<int*> future = promise.get_future();
  std::thread producer([&] {
    promise.set_value(&value);
    value = 1;
    stepAdvance();
  });
  int* result = future.get();
  stepWait(1);
  if (*result != 1) abort();
  producer.join();
  return 0;
}
