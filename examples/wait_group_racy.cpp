// wait_group_racy.cpp - three workers are waited for before their results are added up.
//
// Each worker announces itself to the wait group. That is too late: main may have found the group
// empty by then, has not waited, and reads while they still write.
// The fix (wait_group_fixed.cpp): main announces each worker before it creates the thread.
#include <hindsight/wait_group.h>

#include <cstdio>
#include <thread>
#include <vector>

int main() {
  hindsight::wait_group workers;
  std::vector<int> results(3);
  std::vector<std::thread> threads;

  for (int& result : results) {
    threads.emplace_back([&workers, &result] {
      workers.add(1);
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
