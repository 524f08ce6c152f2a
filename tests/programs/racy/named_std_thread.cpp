// Threads of the standard library: the frames of their uninstrumented start code do no harm.
// EXPECT: races=2
// EXPECT: contains "countUp"
// EXPECT: contains "countDown"
// EXPECT: contains "compute"
#include <future>
#include <thread>

#include "schedule.h"

int counter;
int result;

__attribute__((noinline)) void countUp() {
  counter++;
  stepAdvance();
}
__attribute__((noinline)) void countDown() {
  stepWait(1);
  counter--;
}
__attribute__((noinline)) int compute() {
  result = 1;
  stepAdvance();
  return result;
}

int main() {
  std::thread up(countUp);
  std::thread down(countDown);
  up.join();
  down.join();
  std::future<int> future = std::async(std::launch::async, compute);
  stepWait(2);
  result = 2;
  future.get();
}
