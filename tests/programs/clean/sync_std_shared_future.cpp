// sync_std_shared_future.cpp - one promise, three shared futures, wait_for and wait.
// Clean: all of them only read it.
#include <chrono>
#include <future>
#include <vector>

#include "schedule.h"
#include "threads.h"

int main() {
  std::promise<std::vector<int>*> promise;
  std::shared_future<std::vector<int>*> future = promise.get_future().share();
  auto reader = [future] {
    if (future.wait_for(std::chrono::seconds(60)) != std::future_status::ready) abort();
    std::vector<int>& numbers = *future.get();
    if (numbers.size() != 3) abort();
  };
  std::vector<int> numbers;
  runThreads(reader, reader, reader, [&] {
    numbers = {1, 2, 3};
    promise.set_value(&numbers);
  });
  return 0;
}
