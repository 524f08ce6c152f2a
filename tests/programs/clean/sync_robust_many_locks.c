// sync_robust_many_locks.c - who gets a lock whose owner has ended is ordered after that one, however many other locks
// it held.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

enum { kLocks = 80 };

static pthread_mutex_t many[kLocks], robust;
int x;

static void* first(void* unused) {
  for (int i = 0; i < kLocks; i++) pthread_mutex_lock(&many[i]);
  pthread_mutex_lock(&robust);
  x = 1;
  for (int i = 0; i < kLocks; i++) pthread_mutex_unlock(&many[i]);
  stepAdvance();
  return unused;
}

static void* second(void* unused) {
  if (pthread_mutex_lock(&robust) != EOWNERDEAD) abort();
  x = 2;
  pthread_mutex_consistent(&robust);
  pthread_mutex_unlock(&robust);
  return unused;
}

int main(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&robust, &attributes);
  for (int i = 0; i < kLocks; i++) pthread_mutex_init(&many[i], NULL);
  pthread_t owner, heir;
  pthread_create(&owner, NULL, first, NULL);
  stepWait(1);  // it has the lock, and ends with it
  pthread_create(&heir, NULL, second, NULL);
  pthread_join(heir, NULL);
  pthread_join(owner, NULL);
  return 0;
}
