// sync_std_at_thread_exit.cpp - what is to be ready when a thread ends is ready after all that it does
// [ISO C++20, futures.state, thread.condition]: a promise, a packaged task, a condition variable. The
// last owner of the state may be either thread.
// Clean: the value is ready at the end of the thread, which changes the object before.
// TSan: false report
// libc++ may drop the last owner inside its library (docs/architecture.md, Known gaps).
// REQUIRES: libstdc++
#include <stdlib.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <thread>

#include "schedule.h"

struct Shared {
  int value = 0;
  std::string text;
  void change() {
    ++value;
    text += 'x';
  }
};

static void promised() {
  Shared shared;
  std::promise<Shared*> promise;
  std::future<Shared*> future = promise.get_future();
  std::thread producer([&] {
    promise.set_value_at_thread_exit(&shared);
    shared.change();
  });
  future.get()->change();
  if (shared.value != 2) abort();
  producer.join();
}

static void packaged() {
  Shared shared;
  std::packaged_task<std::string(int)> task([](int length) { return std::string(length, 'a'); });
  std::future<std::string> future = task.get_future();
  std::thread producer([&] {
    std::packaged_task<std::string(int)> own = std::move(task);
    own.make_ready_at_thread_exit(100);
    shared.change();
  });
  if (future.get().size() != 100) abort();
  shared.change();
  producer.join();
}

static void forgotten() {
  std::promise<std::string> promise;
  std::thread([&] {
    std::promise<std::string> own = std::move(promise);
    own.set_value_at_thread_exit(std::string(100, 'b'));
  }).join();
}

/// Nobody waits any more when the thread ends, which then frees what is left.
static void unheard() {
  std::promise<std::string> promise;
  std::future<std::string> future = promise.get_future();
  std::thread producer([&] {
    {
      std::promise<std::string> own = std::move(promise);
      own.set_value_at_thread_exit(std::string(100, 'b'));
    }
    stepAdvance();
    stepWait(2);
  });
  stepWait(1);
  future = {};
  stepAdvance();
  producer.join();
}

static void notified() {
  std::mutex mutex;
  std::condition_variable condition;
  Shared shared;
  std::thread producer([&] {
    std::unique_lock<std::mutex> lock(mutex);
    std::notify_all_at_thread_exit(condition, std::move(lock));
    shared.change();
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    condition.wait(lock, [&] { return shared.value != 0; });
    shared.change();
  }
  producer.join();
}

int main() {
  unheard();
  for (int i = 0; i < 100; ++i) {
    promised();
    packaged();
    forgotten();
    notified();
  }
  return 0;
}
