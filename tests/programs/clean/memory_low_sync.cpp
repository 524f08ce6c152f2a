// memory_low_sync.cpp - atomic objects, a mutex, a semaphore and a thread's stack below 4 GiB order threads as elsewhere.
// Clean.
// FLAGS: -std=c++20 -pthread -mcx16
// REQUIRES: arch=x86_64
#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <new>

#include "low_memory.h"
#include "threads.h"

struct Shared {
  std::atomic<int> flag, turns;
  int by_flag;
  alignas(16) __int128 wide;
  pthread_mutex_t mutex;
  int by_mutex;
  sem_t semaphore;
  int by_semaphore;
  int unordered;
};

void* onLowStack(void* argument) {
  int here = 1;
  int* volatile pointer = &here;
  for (int i = 0; i < 10; i++) *pointer += 1;
  if (reinterpret_cast<uintptr_t>(pointer) >> 32 != 0 || here != 11) abort();
  static_cast<Shared*>(argument)->by_mutex++;
  return argument;
}

int main() {
  Shared* const shared = new (lowMemory(sizeof(Shared))) Shared{};
  pthread_mutex_init(&shared->mutex, nullptr);
  sem_init(&shared->semaphore, 0, 0);
  for (int round = 0; round < 3; round++) {
    shared->flag = 0;
    runThreads(
        [=] {
          shared->by_flag = 1;
          shared->flag.store(1, std::memory_order_release);
        },
        [=] {
          while (shared->flag.load(std::memory_order_acquire) == 0) sched_yield();
          shared->by_flag = 2;
        });
  }
  runThreadsIndexed(4, [=](int) {
    for (int i = 0; i < 100; i++) {
      pthread_mutex_lock(&shared->mutex);
      shared->by_mutex++;
      pthread_mutex_unlock(&shared->mutex);
      shared->turns.fetch_add(1, std::memory_order_acq_rel);
      int expected = i;
      shared->turns.compare_exchange_weak(expected, i);
      __atomic_fetch_or(&shared->wide, 1, __ATOMIC_RELAXED);
    }
  });
  runThreads(
      [=] {
        shared->by_semaphore = 1;
        sem_post(&shared->semaphore);
      },
      [=] {
        sem_wait(&shared->semaphore);
        shared->by_semaphore++;
      });
  const size_t kStackBytes = 256 * 1024;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, lowMemory(kStackBytes), kStackBytes);
  pthread_t thread;
  if (pthread_create(&thread, &attributes, onLowStack, shared) != 0) abort();
  pthread_join(thread, nullptr);
  return shared->by_mutex != 401 || shared->turns.load() != 400 || shared->by_semaphore != 2;
}
