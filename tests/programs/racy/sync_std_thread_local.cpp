// sync_std_thread_local.cpp - the destructors of a thread's thread-local variables run before the
// return of join.
// Racy: the thread is detached; a step in time is no order.
#include <thread>

#include "schedule.h"

int destroyed;

struct AtThreadExit {
  ~AtThreadExit() {
    ++destroyed;
    stepAdvance();
  }
};

int main() {
  std::thread thread([] {
    static thread_local AtThreadExit at_thread_exit;
    (void)&at_thread_exit;
  });
  thread.detach();
  stepWait(1);
  return destroyed == 1 ? 0 : 1;
}
