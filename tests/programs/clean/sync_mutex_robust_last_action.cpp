// sync_mutex_robust_last_action.cpp - what a dead owner did last was done in a destructor of its
// thread-local storage.
// Clean: EOWNERDEAD follows the whole life of the owner.
// TSan: false report.
#include <errno.h>
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex;
int value;

struct AtThreadExit {
  ~AtThreadExit() { value = 1; }
};

int main() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &attributes);
  runThreads(
      [] {
        pthread_mutex_lock(&mutex);
        static thread_local AtThreadExit at_thread_exit;
        (void)&at_thread_exit;
        stepAdvance();
      },
      [] {
        stepWait(1);
        if (pthread_mutex_lock(&mutex) != EOWNERDEAD) abort();
        ++value;
        pthread_mutex_unlock(&mutex);
        if (pthread_mutex_lock(&mutex) != ENOTRECOVERABLE) abort();
      });
  return value == 2 ? 0 : 1;
}
