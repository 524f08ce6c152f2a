// A release fence in one user-level context, the relaxed store behind it in another of the same thread. The value is
// written after the fence: nothing orders the reader, for all that it has an acquire fence, after that.
// EXPECT: races=1
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

#include <atomic>

#include "schedule.h"

constexpr size_t kStackBytes = 64 * 1024;

/// Runs `body` in a context of its own.
class Context {
 public:
  explicit Context(void (*body)()) : stack_(malloc(kStackBytes)) {
    getcontext(&inside_);
    inside_.uc_stack.ss_sp = stack_;
    inside_.uc_stack.ss_size = kStackBytes;
    inside_.uc_link = &outside_;
    makecontext(&inside_, body, 0);
    swapcontext(&outside_, &inside_);
  }
  ~Context() { free(stack_); }

 private:
  ucontext_t outside_, inside_;
  void* stack_;
};

std::atomic<int> flag;
int value;

static void write() {
  std::atomic_thread_fence(std::memory_order_release);
  value = 42;
}
static void wait() {
  while (flag.load(std::memory_order_relaxed) == 0) {
  }
}

static void* writer(void*) {
  const Context context(write);
  flag.store(1, std::memory_order_relaxed);
  return nullptr;
}
static void* reader(void*) {
  const Context context(wait);
  std::atomic_thread_fence(std::memory_order_acquire);
  USE_VALUE(value);
  return nullptr;
}

int main() {
  pthread_t threads[2];
  pthread_create(&threads[0], nullptr, writer, nullptr);
  pthread_create(&threads[1], nullptr, reader, nullptr);
  pthread_join(threads[0], nullptr);
  pthread_join(threads[1], nullptr);
}
