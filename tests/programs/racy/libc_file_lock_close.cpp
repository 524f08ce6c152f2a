// libc_file_lock_close.cpp - file locks as in the clean twin, of two files.
// EXPECT: races=7
// ENV: HINDSIGHT=report_duplicates=1
// Racy: locks of different files order nothing.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

char path[] = "/tmp/hindsight.XXXXXX", other[] = "/tmp/hindsight.XXXXXX";
int data[7];

bool lockWhole(int fd, int operation) { return flock(fd, operation) == 0; }

bool lockRange(int fd, short type) {
  struct flock lock = {};
  lock.l_type = type;
  return fcntl(fd, F_OFD_SETLKW, &lock) == 0;
}

/// The first thread writes under a lock that is given back by `leave`, the second reads under it.
template <class Take, class Leave, class TakeNext>
void handOver(int which, Take take, Leave leave, TakeNext take_next) {
  runUnordered(
      [=] {
        const int fd = open(path, O_RDWR);
        must(take(fd));
        data[which] = 1;
        leave(fd);
      },
      [=] {
        const int fd = open(other, O_RDWR);
        must(take_next(fd));
        USE_VALUE(data[which]);
        close(fd);
      });
}

int main() {
  close(mkstemp(path));
  close(mkstemp(other));
  const int zero = open("/dev/zero", O_RDONLY);
  const auto whole = [](int fd) { return lockWhole(fd, LOCK_EX); };
  const auto whole_shared = [](int fd) { return lockWhole(fd, LOCK_SH); };
  const auto range = [](int fd) { return lockRange(fd, F_WRLCK); };
  const auto range_shared = [](int fd) { return lockRange(fd, F_RDLCK); };
  const auto close_it = [](int fd) { must(close(fd) == 0); };
  handOver(0, whole, close_it, whole);
  handOver(1, whole, [=](int fd) { must(dup2(zero, fd) == fd); }, whole);
  handOver(2, whole, [](int fd) { must(lockWhole(fd, LOCK_SH)); }, whole_shared);
  handOver(3, range, close_it, range);
  handOver(4, range, [](int fd) { must(lockRange(fd, F_UNLCK)); }, range);
  int copy = -1;
  const auto range_copied = [&](int fd) {
    copy = dup(fd);
    return lockRange(fd, F_WRLCK);
  };
  handOver(5, range_copied, [&](int) { must(lockRange(copy, F_UNLCK)); }, range);
  handOver(6, range, [](int fd) { must(lockRange(fd, F_RDLCK)); }, range_shared);
  unlink(path);
  unlink(other);
}
