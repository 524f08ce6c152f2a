// A coroutine that is resumed in another thread: both stacks name it.
// REQUIRES: clang>=15
// EXPECT: races=1
// EXPECT: contains "producer"
// EXPECT: at=second
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
  USE_VALUE(shared_value);
  co_await std::suspend_always();
  shared_value = 2;  // at: second
}

int main() {
  Task task = producer();
  runOrdered([=] { task.handle.resume(); }, [] {});
  runUnordered([] { shared_value = 1; }, [=] { task.handle.resume(); });
  task.handle.destroy();
}
