// A user-level context takes a mutex, another one of the same OS thread, its owner, gives it back. Clean: what
// the first does later under the same mutex is ordered as ever, and the lock that it gave away is not among those
// that it holds (a cycle with `other` would be reported).
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
  value = 42;
  pthread_mutex_unlock(&mutex);
  stepAdvance();
  pthread_join(thread, nullptr);
  free(inside.uc_stack.ss_sp);
}
