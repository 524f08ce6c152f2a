// sync_std_packaged_task.cpp - what a task did happens before get returns.
// Racy: the result is read before get.
#include <future>

#include "schedule.h"
#include "threads.h"

int side_effect;

int main() {
  std::packaged_task<int(int)> task([](int number) {
    side_effect = number;
    stepAdvance();
    return number + 1;
  });
  std::future<int> future = task.get_future();
  runThreads([&] { task(41); },
             [&] {
               stepWait(1);
               const int early = side_effect;
               const int answer = future.get();
               if (answer != 42 || early != 41) abort();
             });
  return 0;
}
