// A wait group in a frame that is left, and whose place is used again, as soon as the wait returns.
#include "hindsight/wait_group.h"
#include "threads.h"

__attribute__((noinline)) int waitForThree() {
  int parts[3];
  hindsight::wait_group group;
  for (int& part : parts) group.go([&part] { part = 1; });
  group.wait();
  return parts[0] + parts[1] + parts[2];
}
__attribute__((noinline)) void useTheStack(int round) {
  volatile int values[200];
  for (int i = 0; i < 200; i++) values[i] = round;
}

int main() {
  for (int round = 0; round < 200; round++) {
    if (waitForThree() != 3) abort();
    useTheStack(round);
  }
}
