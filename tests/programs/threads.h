// threads.h - threads for the test programs that are not about std::thread.
//
// The same edges as std::thread (pthread_create, pthread_join) without its half second of compile
// time, which four optimisation levels and two compilers multiply by eight. C++ only.
#pragma once

#include <pthread.h>

#include "schedule.h"

/// A joinable thread that runs a copy of a callable.
class Thread {
 public:
  template <class Body>
  explicit Thread(Body body) {
    pthread_create(&handle_, nullptr, &run<Body>, new Body(body));
  }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  void join() { pthread_join(handle_, nullptr); }
  void detach() { pthread_detach(handle_); }
  pthread_t handle() const { return handle_; }

 private:
  template <class Body>
  static void* run(void* argument) {
    Body* body = static_cast<Body*>(argument);
    (*body)();
    delete body;
    return nullptr;
  }

  pthread_t handle_{};
};

/// Runs every body in a thread of its own, all at once; returns when all have returned.
inline void runThreads() {}
template <class Body, class... Bodies>
void runThreads(Body body, Bodies... bodies) {
  Thread thread(body);
  runThreads(bodies...);
  thread.join();
}

/// Runs `body(i)` for i = 0 ... count - 1, each in a thread of its own. None starts before all of
/// the threads exist, so that they meet even when a body is short.
template <class Body>
void runThreadsIndexed(int count, Body body) {
  hindsight_test::Step created;
  Thread** threads = new Thread*[count];
  for (int i = 0; i < count; i++) {
    threads[i] = new Thread([=, &created] {
      created.advance();
      created.wait(count);
      body(i);
    });
  }
  for (int i = 0; i < count; i++) {
    threads[i]->join();
    delete threads[i];
  }
  delete[] threads;
}

/// Runs `first` to its end, then `second`, each in a thread of its own, with nothing between them
/// that a detector may see: conflicting accesses race, in this order, in every run.
template <class First, class Second>
void runUnordered(First first, Second second) {
  hindsight_test::Step step;
  runThreads(
      [&step, first] {
        first();
        step.advance();
      },
      [&step, second] {
        step.wait(1);
        second();
      });
}

/// The clean twin: the thread of `first` is joined before the thread of `second` is created.
template <class First, class Second>
void runOrdered(First first, Second second) {
  runThreads(first);
  runThreads(second);
}
