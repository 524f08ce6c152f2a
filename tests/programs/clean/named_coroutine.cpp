// Coroutines that move between threads through ordered hand-overs.
// REQUIRES: clang>=15
#include <coroutine>

#include "threads.h"

struct Task {
  struct promise_type {
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

int shared_value;

Task producer() {
  int local = 0;
  for (;;) {
    shared_value += ++local;
    co_await std::suspend_always();
  }
}

int main() {
  Task task = producer();
  for (int i = 0; i < 30; i++) runOrdered([=] { task.handle.resume(); }, [=] { task.handle(); });
  task.handle.destroy();
}
