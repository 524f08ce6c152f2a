// sync_std_latch_on_stack.cpp - a latch lives on a stack frame that is used again at once.
// Clean: the frame is left after the wait; the next call's variables are not the latch.
#include <latch>

#include "schedule.h"
#include "threads.h"

struct Task {
  std::latch* done;
  int* result;
};

Task slot;

__attribute__((noinline)) int reuseFrame(int number) {
  volatile long cells[64];
  for (int i = 0; i < 64; ++i) cells[i] = number;
  return static_cast<int>(cells[number % 64]);
}

int main() {
  long sum = 0;
  for (int i = 0; i < 50; ++i) {
    int result = 0;
    {
      std::latch done(1);
      slot = {&done, &result};
      Thread worker([] {
        Task task = slot;
        *task.result = 1;
        task.done->count_down();
      });
      worker.detach();
      done.wait();
    }
    sum += result + reuseFrame(i) - i;
  }
  return sum == 50 ? 0 : 1;
}
