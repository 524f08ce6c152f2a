// sync_destroy_unlock.cpp - mutex, read-write lock (written and read) and spin lock are destroyed by a thread
// that has not seen the other one's last unlock.
// Racy: the unlock could as well come after the destruction.
// EXPECT: reports=5
// EXPECT: contains "WARNING: DESTROY OF A MUTEX RACES WITH ITS UNLOCK"
// EXPECT: contains "WARNING: DESTROY OF A READ-WRITE LOCK RACES WITH ITS UNLOCK"
// EXPECT: contains "WARNING: DESTROY OF A SPIN LOCK RACES WITH ITS UNLOCK"
// EXPECT: at=MUTEX
// EXPECT: at=DESTROY_MUTEX
// EXPECT: at=WRITE
// EXPECT: at=READ
// EXPECT: at=SPIN
// EXPECT: at=WAIT
// EXPECT: matches "^Thread [12] unlocked lock 0x[0-9a-f]+, taken at:"
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, waiting = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;
pthread_rwlock_t written = PTHREAD_RWLOCK_INITIALIZER, readers = PTHREAD_RWLOCK_INITIALIZER;
pthread_spinlock_t spin;

void use() {
  pthread_mutex_lock(&mutex);  // at: MUTEX
  pthread_mutex_unlock(&mutex);
  pthread_mutex_lock(&waiting);
  const timespec past{};
  pthread_cond_timedwait(&never, &waiting, &past);  // at: WAIT
  pthread_mutex_unlock(&waiting);
  pthread_rwlock_wrlock(&written);  // at: WRITE
  pthread_rwlock_unlock(&written);
  pthread_rwlock_rdlock(&readers);  // at: READ
  pthread_rwlock_unlock(&readers);
  pthread_spin_lock(&spin);  // at: SPIN
  pthread_spin_unlock(&spin);
}

void destroy() {
  pthread_mutex_destroy(&mutex);  // at: DESTROY_MUTEX
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
