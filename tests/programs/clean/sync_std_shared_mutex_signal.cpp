// A handler publishes what its thread wrote before it began to wait for a std::shared_mutex: what
// libc++'s shared_mutex does to the mutex inside orders nothing, but what the handler does is the
// program's. Clean: the handler's store releases what its thread has written.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <atomic>
#include <shared_mutex>

#include "schedule.h"

namespace {

std::shared_mutex mutex;
std::atomic<int> published;
int data;
int waiter_tid;

void onSignal(int) { published.store(1, std::memory_order_release); }

void* waitForMutex(void* unused) {
  data = 42;
  waiter_tid = gettid();
  stepAdvance();
  mutex.lock();
  mutex.unlock();
  return unused;
}

/// Whether the thread sleeps.
bool sleeps(int tid) {
  char path[64], state = 0;
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
  FILE* file = fopen(path, "r");
  if (file == nullptr) return false;
  const bool known = fscanf(file, "%*d (%*[^)]) %c", &state) == 1;
  fclose(file);
  return known && state == 'S';
}

HINDSIGHT_TEST_UNINSTRUMENTED int waiterTid() { return waiter_tid; }

}  // namespace

int main() {
  signal(SIGUSR1, onSignal);
  mutex.lock();
  pthread_t waiter;
  pthread_create(&waiter, nullptr, waitForMutex, nullptr);
  stepWait(1);
  while (!sleeps(waiterTid())) sched_yield();
  pthread_kill(waiter, SIGUSR1);
  while (published.load(std::memory_order_acquire) == 0) sched_yield();
  const int seen = data;  // at: read
  mutex.unlock();
  pthread_join(waiter, nullptr);
  return seen == 42 ? 0 : 1;
}
