// A work-stealing deque whose push forgets the release fence: the thief gets the task without what
// was written into it.
// EXPECT: races=1
// EXPECT: contains "steal"
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kSeqCst = std::memory_order_seq_cst;

struct Task {
  int input;
};
std::atomic<Task*> cells[16];
std::atomic<long> top, bottom;

void push(Task* task) {
  long b = bottom.load(kRelaxed);
  cells[b % 16].store(task, kRelaxed);
  // std::atomic_thread_fence(std::memory_order_release) is missing
  bottom.store(b + 1, kRelaxed);
}
__attribute__((noinline)) Task* steal() {
  long t = top.load(kAcquire);
  std::atomic_thread_fence(kSeqCst);
  long b = bottom.load(kAcquire);
  if (t >= b) return nullptr;
  Task* task = cells[t % 16].load(kRelaxed);
  if (!top.compare_exchange_strong(t, t + 1, kSeqCst, kRelaxed)) return nullptr;
  USE_VALUE(task->input);
  return task;
}

int main() {
  runThreads(
      [] {
        Task* task = new Task();
        task->input = 5;
        push(task);
      },
      [] {
        while (steal() == nullptr) sched_yield();
      });
}
