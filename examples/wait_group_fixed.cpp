// wait_group_fixed.cpp - three workers are waited for before their results are added up.
//
// Main announces each worker before it creates the thread. Compare wait_group_racy.cpp, where the
// workers announce themselves.
#include <hindsight/wait_group.h>

#include <cstdio>
#include <thread>
#include <vector>

int main() {
  hindsight::wait_group workers;
  std::vector<int> results(3);
  std::vector<std::thread> threads;

  for (int& result : results) {
    workers.add(1);
    threads.emplace_back([&workers, &result] {
      result = 1;
      workers.done();
    });
  }

  workers.wait();
  int sum = 0;
  for (int result : results) sum += result;
  std::printf("%d workers are done\n", sum);
  for (std::thread& thread : threads) thread.join();
}
