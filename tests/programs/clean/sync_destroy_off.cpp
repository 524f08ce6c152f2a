// sync_destroy_off.cpp - mutex, read-write lock (written and read) and spin lock are destroyed by a thread
// that has not seen the other one's last unlock.
// Switched off by report_primitive_races=0; racy/sync_destroy_unlock.cpp is the same.
// ENV: HINDSIGHT=report_primitive_races=0
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, waiting = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;
pthread_rwlock_t written = PTHREAD_RWLOCK_INITIALIZER, readers = PTHREAD_RWLOCK_INITIALIZER;
pthread_spinlock_t spin;

void use() {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_mutex_lock(&waiting);
  const timespec past{};
  pthread_cond_timedwait(&never, &waiting, &past);
  pthread_mutex_unlock(&waiting);
  pthread_rwlock_wrlock(&written);
  pthread_rwlock_unlock(&written);
  pthread_rwlock_rdlock(&readers);
  pthread_rwlock_unlock(&readers);
  pthread_spin_lock(&spin);
  pthread_spin_unlock(&spin);
}

void destroy() {
  pthread_mutex_destroy(&mutex);
  pthread_mutex_destroy(&waiting);
  pthread_rwlock_destroy(&written);
  pthread_rwlock_destroy(&readers);
  pthread_spin_destroy(&spin);
}

int main() {
  pthread_spin_init(&spin, 0);
  runUnordered(use, destroy);
  return 0;
}
