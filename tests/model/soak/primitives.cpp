#include "model/soak/primitives.h"

#include <errno.h>
#include <time.h>

#include "model/soak/actions.h"

namespace soak {

Primitives primitives[kBanks];

namespace {

timespec later(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  time.tv_sec += 1000;
  return time;
}

int mutexType(LockKind kind) {
  if (kind == LockKind::Recursive) return PTHREAD_MUTEX_RECURSIVE;
  return kind == LockKind::ErrorCheck ? PTHREAD_MUTEX_ERRORCHECK : PTHREAD_MUTEX_NORMAL;
}

bool succeeds(int result) { return result == 0; }

}  // namespace

void Primitives::make() {
  newMemory(this, sizeof *this);
  for (int i = 0; i < kLocks; ++i) {
    if (kLockKinds[i] == LockKind::Spin) {
      pthread_spin_init(&locks[i].spin, PTHREAD_PROCESS_PRIVATE);
    } else if (kLockKinds[i] == LockKind::ReadWrite) {
      pthread_rwlock_init(&locks[i].read_write, nullptr);
    } else {
      pthread_mutexattr_t attributes;
      pthread_mutexattr_init(&attributes);
      pthread_mutexattr_settype(&attributes, mutexType(kLockKinds[i]));
      pthread_mutex_init(&locks[i].mutex, &attributes);
      pthread_mutexattr_destroy(&attributes);
    }
  }
  for (pthread_cond_t& condition : conditions) pthread_cond_init(&condition, nullptr);
  for (sem_t& semaphore : semaphores) sem_init(&semaphore, 0, 0);
  for (bool& exists : barrier_exists) exists = false;
  for (pthread_once_t& each : onces) each = PTHREAD_ONCE_INIT;
}

void Primitives::drop() {
  for (int i = 0; i < kLocks; ++i) {
    if (kLockKinds[i] == LockKind::Spin)
      pthread_spin_destroy(&locks[i].spin);
    else if (kLockKinds[i] == LockKind::ReadWrite)
      pthread_rwlock_destroy(&locks[i].read_write);
    else
      pthread_mutex_destroy(&locks[i].mutex);
  }
  for (pthread_cond_t& condition : conditions) pthread_cond_destroy(&condition);
  for (sem_t& semaphore : semaphores) sem_destroy(&semaphore);
  for (int i = 0; i < kBarriers; ++i)
    if (barrier_exists[i]) pthread_barrier_destroy(&barriers[i]);
}

bool Primitives::makeBarrier(int which, unsigned count) {
  // Waits until everybody has left it.
  if (barrier_exists[which]) pthread_barrier_destroy(&barriers[which]);
  barrier_exists[which] = true;
  return succeeds(pthread_barrier_init(&barriers[which], nullptr, count));
}

bool Primitives::lock(const Step& step) {
  Lock& lock = locks[step.object];
  const timespec deadline = later(CLOCK_REALTIME);
  switch (kLockKinds[step.object]) {
    case LockKind::Spin:
      if (step.op == Op::TryLockFails) return pthread_spin_trylock(&lock.spin) == EBUSY;
      return succeeds(step.op == Op::TryLock ? pthread_spin_trylock(&lock.spin)
                                             : pthread_spin_lock(&lock.spin));
    case LockKind::ReadWrite:
      switch (step.op) {
        case Op::TryLockFails:
          return pthread_rwlock_trywrlock(&lock.read_write) == EBUSY;
        case Op::TryLock:
          return succeeds(pthread_rwlock_trywrlock(&lock.read_write));
        case Op::TimedLock:
          return succeeds(pthread_rwlock_timedwrlock(&lock.read_write, &deadline));
        case Op::ReadLock:
          return succeeds(pthread_rwlock_rdlock(&lock.read_write));
        case Op::TryReadLock:
          return succeeds(pthread_rwlock_tryrdlock(&lock.read_write));
        default:
          return succeeds(pthread_rwlock_wrlock(&lock.read_write));
      }
    default:
      switch (step.op) {
        case Op::TryLockFails:
          return pthread_mutex_trylock(&lock.mutex) == EBUSY;
        case Op::TryLock:
          return succeeds(pthread_mutex_trylock(&lock.mutex));
        case Op::TimedLock:
          return succeeds(pthread_mutex_timedlock(&lock.mutex, &deadline));
        default:
          return succeeds(pthread_mutex_lock(&lock.mutex));
      }
  }
}

bool Primitives::unlock(int which) {
  switch (kLockKinds[which]) {
    case LockKind::Spin:
      return succeeds(pthread_spin_unlock(&locks[which].spin));
    case LockKind::ReadWrite:
      return succeeds(pthread_rwlock_unlock(&locks[which].read_write));
    default:
      return succeeds(pthread_mutex_unlock(&locks[which].mutex));
  }
}

bool Primitives::wait(const Step& step) {
  pthread_cond_t* condition = &conditions[step.object];
  pthread_mutex_t* mutex = &locks[kConditionLocks[step.object]].mutex;
  if (step.variant == 0) return succeeds(pthread_cond_wait(condition, mutex));
  const clockid_t clock = step.variant == 1 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
  const timespec deadline = later(clock);
  return succeeds(step.variant == 1 ? pthread_cond_timedwait(condition, mutex, &deadline)
                                    : pthread_cond_clockwait(condition, mutex, clock, &deadline));
}

bool Primitives::perform(const Step& step) {
  switch (step.op) {
    case Op::Lock:
    case Op::TryLock:
    case Op::TryLockFails:
    case Op::TimedLock:
    case Op::ReadLock:
    case Op::TryReadLock:
      return lock(step);
    case Op::Unlock:
      return unlock(step.object);
    case Op::CondWait:
      return wait(step);
    case Op::CondSignal:
      return succeeds(pthread_cond_signal(&conditions[step.object]));
    case Op::CondBroadcast:
      return succeeds(pthread_cond_broadcast(&conditions[step.object]));
    case Op::SemWait:
      return succeeds(sem_wait(&semaphores[step.object]));
    case Op::SemTryWait:
      return succeeds(sem_trywait(&semaphores[step.object]));
    case Op::SemTryWaitFails:
      return sem_trywait(&semaphores[step.object]) == -1 && errno == EAGAIN;
    case Op::SemPost:
      return succeeds(sem_post(&semaphores[step.object]));
    case Op::BarrierInit:
      return makeBarrier(step.object, static_cast<unsigned>(step.other));
    case Op::BarrierWait: {
      const int result = pthread_barrier_wait(&barriers[step.object]);
      return result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD;
    }
    case Op::Once:
      return succeeds(pthread_once(&onces[step.object], [] {}));
    default:
      return false;
  }
}

}  // namespace soak
