// sync_std_async.cpp - std::async: caller -> task -> get.
// Clean: the caller reads it after get.
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
  const int answer = future.get();
  int seen = side_effect;
  return answer == 42 && seen == 21 ? 0 : 1;
}
