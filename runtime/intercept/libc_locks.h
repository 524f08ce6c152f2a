// libc_locks.h - what the C library's own fields say of a lock, in sync/'s words
// (sync/lock_misuse.h).
//
// glibc keeps the owner's thread id in every mutex and in a read-write lock that is held for
// writing, and marks a mutex as destroyed. Another thread may change the fields meanwhile, but
// never from or to "mine".
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include <pthread.h>

#include "base/types.h"
#include "sync/lock_misuse.h"
#include "sync/sync.h"
#include "threads/thread.h"

namespace hindsight {

// Bits of `__kind`, as libc has them.
inline constexpr int kRecursiveMutex = 1, kErrorCheckMutex = 2, kMutexTypes = 3, kRobustMutex = 16;
inline constexpr int kElidedMutex = 256, kDestroyedMutex = -1;

inline bool isDestroyed(const pthread_mutex_t* mutex) {
  return __atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED) == kDestroyedMutex;
}

/// Whether misuse makes the call return an error, as POSIX promises, and does nothing.
inline bool isErrorChecking(const pthread_mutex_t* mutex) {
  const int kind = mutex->__data.__kind;
  return kind != kDestroyedMutex && (kind & kMutexTypes) == kErrorCheckMutex;
}

inline LockState stateOf(const pthread_mutex_t* mutex, const Thread& thread) {
  constexpr int kOwnerBits = 0x3fffffff;  // FUTEX_TID_MASK
  const int kind = __atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED);
  if (kind == kDestroyedMutex) return LockState::Destroyed;
  const int owner = (kind & kRobustMutex) != 0
                        ? __atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) & kOwnerBits
                        : __atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED);
  if (owner == thread.os_tid) return LockState::Mine;
  if ((kind & kElidedMutex) != 0) return LockState::Unknown;
  return owner == 0 ? LockState::Free : LockState::Others;
}

inline u32 readersOf(const pthread_rwlock_t* lock) {
  constexpr u32 kReaderShift = 3;
  return __atomic_load_n(&lock->__data.__readers, __ATOMIC_RELAXED) >> kReaderShift;
}

inline LockState stateOf(const pthread_rwlock_t* lock, const Thread& thread) {
  const int writer = __atomic_load_n(&lock->__data.__cur_writer, __ATOMIC_RELAXED);
  if (writer == thread.os_tid) return LockState::Mine;
  if (writer != 0) return LockState::Others;
  return readersOf(lock) == 0 ? LockState::Free : LockState::OthersRead;
}

/// What the unlock that its owner is about to make leaves of the lock.
HINDSIGHT_ALWAYS_INLINE Unlock unlockOf(const pthread_mutex_t* mutex) {
  if (HINDSIGHT_LIKELY((mutex->__data.__kind & kMutexTypes) != kRecursiveMutex))
    return Unlock::Frees;
  return mutex->__data.__count > 1 ? Unlock::KeepsLevels : Unlock::Frees;
}
inline Unlock unlockOf(const pthread_rwlock_t* lock) {
  const bool is_only =
      __atomic_load_n(&lock->__data.__cur_writer, __ATOMIC_RELAXED) != 0 || readersOf(lock) == 1;
  return is_only ? Unlock::Frees : Unlock::Unknown;
}

inline LockState stateOf(const pthread_spinlock_t* lock) {
#if defined(__x86_64__)
  constexpr int kFree = 1;
#else
  constexpr int kFree = 0;
#endif
  return __atomic_load_n(lock, __ATOMIC_RELAXED) == kFree ? LockState::Free : LockState::Others;
}

}  // namespace hindsight
