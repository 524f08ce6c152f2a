// captured_variable_fixed.cpp - a loop starts one thread per worker and tells each its number.
//
// Each lambda has a copy of the loop variable, made before its thread starts.
// Compare captured_variable_racy.cpp, where they share it by reference.
#include <cstdio>
#include <thread>
#include <vector>

int main() {
  std::vector<std::thread> workers;
  for (int number = 0; number < 3; number++) {
    workers.emplace_back([number] { std::printf("worker %d starts\n", number); });
  }
  for (std::thread& worker : workers) worker.join();
}
