// sync_rwlock_many_locks.c - two readers are not ordered, however many other locks one of them holds.
// EXPECT: races=1
#include <pthread.h>

#include "schedule.h"

enum { kLocks = 80 };

static pthread_mutex_t many[kLocks];
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
int x;

static void* first(void* unused) {
  for (int i = 0; i < kLocks; i++) pthread_mutex_lock(&many[i]);
  pthread_rwlock_rdlock(&lock);
  x = 1;
  pthread_rwlock_unlock(&lock);
  for (int i = 0; i < kLocks; i++) pthread_mutex_unlock(&many[i]);
  stepAdvance();
  return unused;
}

static void* second(void* unused) {
  stepWait(1);
  pthread_rwlock_rdlock(&lock);
  x = 2;
  pthread_rwlock_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < kLocks; i++) pthread_mutex_init(&many[i], NULL);
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  return 0;
}
