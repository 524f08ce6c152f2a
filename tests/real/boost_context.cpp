// boost_context.cpp - contexts of Boost.Context that wander between threads, and coroutines of
// Boost.Coroutine2 on top of it.
//
// libboost_context.so is compiled; its switches are Hindsight's (runtime/intercept/fcontext.S), and the
// classes around them are header code. Four threads take contexts from a queue under a mutex, run each
// until it yields and put it back, so that a context goes on in another thread nearly every time. Its
// locals and what it counts belong to it alone and need no lock. Stacks come from malloc, mmap and a
// pool; contexts end by returning, by an exception that is caught outside, and by being destroyed
// halfway (which unwinds them).
// Verified: every context has made all its steps, every local was destroyed.

#include <boost/context/fiber.hpp>
#include <boost/context/fixedsize_stack.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <boost/coroutine2/all.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "check.h"

namespace {

namespace context = boost::context;

constexpr int kContexts = 24, kSteps = 30, kThreads = 4, kRounds = 4;

struct Task {
  context::fiber fiber;
  int steps = 0;
  bool is_over = false;
  bool threw = false;
  std::string text;
};

int alive_locals = 0;  // guarded by the lock that the counter's owner holds
std::mutex locals_lock;

struct Local {
  Local() {
    std::lock_guard guard(locals_lock);
    ++alive_locals;
  }
  ~Local() {
    std::lock_guard guard(locals_lock);
    --alive_locals;
  }
};

/// Yields deep in calls of its own.
void step(Task& task, context::fiber& scheduler, int depth) {
  std::vector<int> values(8, depth);
  if (depth > 0) {
    step(task, scheduler, depth - 1);
  } else {
    ++task.steps;
    task.text += 'x';
    scheduler = std::move(scheduler).resume();
  }
  require(std::accumulate(values.begin(), values.end(), 0) == 8 * depth, "locals are intact");
}

/// Boost's pool is for one thread at a time; a context gives its stack back wherever it ends.
class SharedPool {
 public:
  context::stack_context allocate() {
    std::lock_guard guard(state_->lock);
    return state_->pool.allocate();
  }
  void deallocate(context::stack_context& stack) noexcept {
    const std::shared_ptr<State> state = state_;  // this object is on the stack that goes
    std::lock_guard guard(state->lock);
    state->pool.deallocate(stack);
  }

 private:
  struct State {
    std::mutex lock;
    context::pooled_fixedsize_stack pool{64 * 1024};
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

template <class StackAllocator>
void start(Task& task, StackAllocator allocator, bool throws) {
  task.fiber = context::fiber(std::allocator_arg, allocator, [&task, throws](context::fiber scheduler) {
    Local local;
    try {
      for (int i = 0; i < kSteps; ++i) step(task, scheduler, i % 5);
      if (throws) throw std::runtime_error("at the end");
    } catch (const std::runtime_error& error) {
      task.threw = error.what() == std::string("at the end");
    }
    task.is_over = true;
    return scheduler;
  });
}

class Scheduler {
 public:
  void add(Task& task) {
    std::lock_guard guard(lock_);
    ready_.push_back(&task);
    ++unfinished_;
  }
  void work() {
    for (;;) {
      Task* task = nullptr;
      {
        std::lock_guard guard(lock_);
        if (unfinished_ == 0) return;
        if (!ready_.empty()) {
          task = ready_.front();
          ready_.pop_front();
        }
      }
      if (task == nullptr) {
        std::this_thread::yield();
        continue;
      }
      task->fiber = std::move(task->fiber).resume();
      std::lock_guard guard(lock_);
      if (task->is_over)
        --unfinished_;
      else
        ready_.push_back(task);
    }
  }

 private:
  std::mutex lock_;
  std::deque<Task*> ready_;
  int unfinished_ = 0;
};

void wander() {
  std::vector<std::unique_ptr<Task>> tasks;
  Scheduler scheduler;
  SharedPool pool;
  for (int i = 0; i < kContexts; ++i) {
    tasks.push_back(std::make_unique<Task>());
    Task& task = *tasks.back();
    if (i % 3 == 0) start(task, context::fixedsize_stack(64 * 1024), i % 2 == 0);
    if (i % 3 == 1) start(task, context::protected_fixedsize_stack(64 * 1024), i % 2 == 0);
    if (i % 3 == 2) start(task, pool, i % 2 == 0);
    scheduler.add(task);
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&] { scheduler.work(); });
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < kContexts; ++i) {
    require(tasks[i]->steps == kSteps && tasks[i]->text.size() == kSteps, "all steps are made");
    require(tasks[i]->threw == (i % 2 == 0), "those that should have thrown");
  }
}

/// Contexts that begin in one thread and are destroyed, halfway, in another.
void abandon() {
  std::vector<std::unique_ptr<Task>> tasks;
  for (int i = 0; i < kContexts; ++i) {
    tasks.push_back(std::make_unique<Task>());
    start(*tasks.back(), context::fixedsize_stack(64 * 1024), false);
  }
  std::thread([&] {
    for (auto& task : tasks) task->fiber = std::move(task->fiber).resume();
  }).join();
  tasks.clear();
}

/// A function that runs on top of a context.
void onTop() {
  int calls = 0;
  context::fiber fiber([&](context::fiber caller) {
    ++calls;
    caller = std::move(caller).resume();
    ++calls;
    return caller;
  });
  fiber = std::move(fiber).resume();
  std::thread([&] {
    fiber = std::move(fiber).resume_with([&](context::fiber caller) {
      calls += 10;
      return caller;
    });
  }).join();
  require(calls == 12, "what ran on top, and what it ran on");
}

/// A generator whose values are taken by several threads in turn.
void generate() {
  using Coroutine = boost::coroutines2::coroutine<int>;
  Coroutine::pull_type squares([](Coroutine::push_type& yield) {
    for (int i = 0; i < 20; ++i) yield(i * i);
  });
  std::vector<int> taken;
  while (squares) {
    std::thread([&] {
      taken.push_back(squares.get());
      squares();
    }).join();
  }
  require(taken.size() == 20 && taken.back() == 19 * 19, "all squares");
}

}  // namespace

int main() {
  for (int i = 0; i < kRounds; ++i) {
    wander();
    abandon();
    onTop();
    generate();
  }
  require(alive_locals == 0, "every local is destroyed");
  puts("boost_context: ok");
}
