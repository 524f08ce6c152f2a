// sync_std_condition_destroyed.cpp - a std::condition_variable on a stack is notified after the mutex has been given
// up; who waits may find that all is done and destroy it before the notification.
// Racy: nothing orders the notification before the destruction.
// EXPECT: races=1
// EXPECT: at=NOTIFY
#include <condition_variable>
#include <mutex>

#include "schedule.h"
#include "threads.h"

struct Task {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
};

int main() {
  Task* task = new Task;
  Thread worker([task] {
    {
      const std::lock_guard guard(task->mutex);
      task->done = true;
    }
    task->changed.notify_one();  // at: NOTIFY
    stepAdvance();
  });
  stepWait(1);
  {
    std::unique_lock lock(task->mutex);
    while (!task->done) task->changed.wait(lock);
  }
  task->changed.~condition_variable();
  worker.join();
  ::operator delete(task);
  return 0;
}
