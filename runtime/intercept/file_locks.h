// file_locks.h - flock, and fcntl's locks of open file descriptions.
//
// What excludes descriptions excludes threads that opened the file apart. fcntl's older locks
// (F_SETLK) are the process's: they exclude no threads, and order none.
//
// A lock is given back by its unlocking, by exchanging it for a weaker one, and by the close of the
// descriptor (fd_sync.cpp).
//
// Thread safety: any thread, inside the runtime. Allocation: as fd_sync.h.
#pragma once

#include "intercept/libc_headers.h"

#include <sys/file.h>

#include "intercept/fd_sync.h"
#include "intercept/intercepted_call.h"

namespace hindsight {

/// flock gives the old lock back before it takes another, flock(2).
inline void wholeLockStarts(InterceptedCall& call, int fd, int operation) {
  if ((operation & LOCK_UN) != 0)
    releaseFileLock(call.thread(), fd, FileLock::kWhole);
  else
    exchangeFileLock(call.thread(), fd, FileLock::kWhole);
}

/// It has not failed.
inline void wholeLockDone(InterceptedCall& call, int fd, int operation) {
  if ((operation & (LOCK_SH | LOCK_EX)) != 0) acquireFileLock(call.thread(), fd, FileLock::kWhole);
}

inline bool takesRangeLock(int command) {
  return command == F_OFD_SETLK || command == F_OFD_SETLKW;
}

inline void rangeLockStarts(InterceptedCall& call, int fd, int command, const struct flock* lock) {
  if (!takesRangeLock(command) || !mayLook(lock)) return;
  if (lock->l_type == F_UNLCK)
    releaseFileLock(call.thread(), fd, FileLock::kRanges);
  else if (lock->l_type == F_RDLCK)
    exchangeFileLock(call.thread(), fd, FileLock::kRanges);
}

/// It has not failed.
inline void rangeLockDone(InterceptedCall& call, int fd, int command, const struct flock* lock) {
  if (takesRangeLock(command) && lock->l_type != F_UNLCK)
    acquireFileLock(call.thread(), fd, FileLock::kRanges);
}

}  // namespace hindsight
