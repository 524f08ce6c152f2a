// primitives.h - the locks, conditions, semaphores and barriers of a script.
#pragma once

#include <pthread.h>
#include <semaphore.h>

#include "model/soak/steps.h"

namespace soak {

struct Primitives {
  union Lock {
    pthread_mutex_t mutex;
    pthread_spinlock_t spin;
    pthread_rwlock_t read_write;
  };
  Lock locks[kLocks];
  pthread_cond_t conditions[kConditions];
  sem_t semaphores[kSemaphores];
  pthread_barrier_t barriers[kBarriers];
  bool barrier_exists[kBarriers];
  pthread_once_t onces[kOnces];

  void make();
  void drop();
  /// Whether the call that the step is returns what the step foresees.
  bool perform(const Step& step);

 private:
  bool lock(const Step& step);
  bool unlock(int which);
  bool wait(const Step& step);
  bool makeBarrier(int which, unsigned count);
};

constexpr int kBanks = 2;
extern Primitives primitives[kBanks];

}  // namespace soak
