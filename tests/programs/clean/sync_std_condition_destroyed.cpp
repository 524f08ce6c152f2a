// sync_std_condition_destroyed.cpp - a std::condition_variable on a stack is notified while the mutex is held, and
// destroyed by who has waited.
// Clean: the notification happened before the waiter got the mutex.
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
      task->changed.notify_one();
    }
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
