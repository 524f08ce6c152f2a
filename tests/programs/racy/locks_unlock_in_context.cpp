// A user-level context takes a mutex, another one of the same OS thread, its owner, gives it back. The first writes
// after it has given the mutex back itself: nothing orders the reader after that.
// EXPECT: races=1
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

#include "schedule.h"

constexpr size_t kStackBytes = 64 * 1024;
ucontext_t outside, inside;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
int value;

static void unlocker() {
  pthread_mutex_unlock(&mutex);
  swapcontext(&inside, &outside);
}

static void* reader(void*) {
  stepWait(1);
  pthread_mutex_lock(&other);
  pthread_mutex_lock(&mutex);
  USE_VALUE(value);
  pthread_mutex_unlock(&mutex);
  pthread_mutex_unlock(&other);
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, reader, nullptr);
  getcontext(&inside);
  inside.uc_stack.ss_sp = malloc(kStackBytes);
  inside.uc_stack.ss_size = kStackBytes;
  inside.uc_link = &outside;
  makecontext(&inside, unlocker, 0);
  pthread_mutex_lock(&mutex);
  swapcontext(&outside, &inside);
  pthread_mutex_lock(&other);
  pthread_mutex_unlock(&other);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  value = 42;
  stepAdvance();
  pthread_join(thread, nullptr);
  free(inside.uc_stack.ss_sp);
}
