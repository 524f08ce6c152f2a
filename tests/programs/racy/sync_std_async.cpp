// sync_std_async.cpp - std::async: caller -> task -> get.
// Racy: the caller reads what the task writes before get.
#include <future>

#include "schedule.h"

int argument, side_effect;

int main() {
  argument = 20;
  std::future<int> future = std::async(std::launch::async, [] {
    side_effect = argument + 1;
    stepAdvance();
    return 2 * side_effect;
  });
  stepWait(1);
  int seen = side_effect;
  const int answer = future.get();
  return answer == 42 && seen == 21 ? 0 : 1;
}
