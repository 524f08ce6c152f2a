// sync_destroy_last_user.cpp - what POSIX allows: whoever finds that it is the last one, by the primitive itself,
// destroys and frees it at once, while the others may still be on their way out of their unlock, post or wait.
// Clean: the last one has been let through by all of the others.
#include <pthread.h>
#include <semaphore.h>

#include "schedule.h"
#include "threads.h"

constexpr int kUsers = 3, kRounds = 300;

struct Shared {
  pthread_mutex_t mutex;
  pthread_rwlock_t lock;
  pthread_spinlock_t spin;
  sem_t done;
  pthread_barrier_t barrier;
  int users = kUsers, writers = kUsers, spinners = kUsers;
};

Shared* rounds[kRounds];

bool isLastByMutex(Shared& shared) {
  pthread_mutex_lock(&shared.mutex);
  const bool last = --shared.users == 0;
  pthread_mutex_unlock(&shared.mutex);
  return last;
}

bool isLastByWriting(Shared& shared) {
  pthread_rwlock_rdlock(&shared.lock);
  pthread_rwlock_unlock(&shared.lock);
  pthread_rwlock_wrlock(&shared.lock);
  const bool last = --shared.writers == 0;
  pthread_rwlock_unlock(&shared.lock);
  return last;
}

bool isLastBySpinning(Shared& shared) {
  pthread_spin_lock(&shared.spin);
  const bool last = --shared.spinners == 0;
  pthread_spin_unlock(&shared.spin);
  return last;
}

int main() {
  for (Shared*& shared : rounds) {
    shared = new Shared;
    pthread_mutex_init(&shared->mutex, nullptr);
    pthread_rwlock_init(&shared->lock, nullptr);
    pthread_spin_init(&shared->spin, 0);
    sem_init(&shared->done, 0, 0);
    pthread_barrier_init(&shared->barrier, nullptr, kUsers);
  }
  runThreadsIndexed(kUsers, [](int self) {
    for (Shared* shared : rounds) {
      const bool serial = pthread_barrier_wait(&shared->barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
      if (serial) pthread_barrier_destroy(&shared->barrier);
      if (isLastByMutex(*shared)) pthread_mutex_destroy(&shared->mutex);
      if (isLastByWriting(*shared)) pthread_rwlock_destroy(&shared->lock);
      if (isLastBySpinning(*shared)) pthread_spin_destroy(&shared->spin);
      if (self != 0) {
        sem_post(&shared->done);
        continue;
      }
      for (int others = 1; others < kUsers; ++others) sem_wait(&shared->done);
      sem_destroy(&shared->done);
      delete shared;
    }
  });
  return 0;
}
