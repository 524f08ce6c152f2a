// A work-stealing deque in the form for weak memory, with fences [Le, Pop, Cohen, Zappa Nardelli,
// PPoPP 2013]. Tasks carry plain data.
// TSan: false reports: it does not follow fences.
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kSeqCst = std::memory_order_seq_cst;

constexpr long kCapacity = 64;
constexpr int kTasks = 1500;

struct Task {
  int input;
  int output;
};
std::atomic<Task*> cells[kCapacity];
std::atomic<long> top, bottom;
std::atomic<int> done;

bool push(Task* task) {
  long b = bottom.load(kRelaxed);
  long t = top.load(kAcquire);
  if (b - t >= kCapacity) return false;
  cells[b % kCapacity].store(task, kRelaxed);
  std::atomic_thread_fence(kRelease);
  bottom.store(b + 1, kRelaxed);
  return true;
}
Task* take() {
  long b = bottom.load(kRelaxed) - 1;
  bottom.store(b, kRelaxed);
  std::atomic_thread_fence(kSeqCst);
  long t = top.load(kRelaxed);
  Task* task = nullptr;
  if (t <= b) {
    task = cells[b % kCapacity].load(kRelaxed);
    if (t != b) return task;
    if (!top.compare_exchange_strong(t, t + 1, kSeqCst, kRelaxed)) task = nullptr;
  }
  bottom.store(b + 1, kRelaxed);
  return task;
}
Task* steal() {
  long t = top.load(kAcquire);
  std::atomic_thread_fence(kSeqCst);
  long b = bottom.load(kAcquire);
  if (t >= b) return nullptr;
  Task* task = cells[t % kCapacity].load(kRelaxed);
  if (!top.compare_exchange_strong(t, t + 1, kSeqCst, kRelaxed)) return nullptr;
  return task;
}
void run(Task* task) {
  task->output = task->input * 2;
  delete task;
  done.fetch_add(1, kRelaxed);
}

int main() {
  runThreadsIndexed(3, [](int i) {
    if (i == 0) {
      for (int n = 0; n < kTasks; n++) {
        Task* task = new Task{n, 0};
        if (!push(task)) run(task);
        if (n < 100) {  // all of these are stolen
          while (done.load(kRelaxed) <= n) sched_yield();
        } else if (n % 3 == 0) {
          if (Task* own = take()) run(own);
        } else if (n % 16 == 0) {
          sched_yield();
        }
      }
      while (Task* own = take()) run(own);
      return;
    }
    while (done.load(kRelaxed) < kTasks) {
      if (Task* stolen = steal())
        run(stolen);
      else
        sched_yield();
    }
  });
}
