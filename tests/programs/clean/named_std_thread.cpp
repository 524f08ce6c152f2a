// std::thread, std::async, packaged_task and promise hand their results over.
#include <future>
#include <string>
#include <thread>

#include "schedule.h"

int counter;

int main() {
  std::thread up([] { counter++; });
  up.join();
  counter++;
  for (int i = 0; i < 50; i++) {
    std::future<int> future = std::async(std::launch::async, [] { return counter++; });
    counter += future.get();
    std::promise<std::string> promise;
    std::thread keeper([&promise] { promise.set_value(std::string(100, 'x')); });
    counter += static_cast<int>(promise.get_future().get().size());
    keeper.join();
    std::packaged_task<int(int)> task([](int n) { return n + counter; });
    std::future<int> sum = task.get_future();
    std::thread runner(std::move(task), 3);
    counter += sum.get();
    runner.join();
    counter %= 1000;
  }
}
