// captured_variable_racy.cpp - a loop starts one thread per worker and tells each its number.
//
// The lambda captures the loop variable by reference: the threads read it while the loop goes on
// counting, and afterwards, when it is gone.
// The fix (captured_variable_fixed.cpp): capture it by value.
#include <cstdio>
#include <thread>
#include <vector>

int main() {
  std::vector<std::thread> workers;
  for (int number = 0; number < 3; number++) {
    workers.emplace_back([&number] { std::printf("worker %d starts\n", number); });
  }
  for (std::thread& worker : workers) worker.join();
}
