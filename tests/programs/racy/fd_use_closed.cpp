// fd_use_closed.cpp - a descriptor is used, or closed again, after another thread has closed it, without order.
// Racy: at another time the numbers could mean files that somebody else has opened since.
// EXPECT: races=3
// EXPECT: contains "Use of file descriptor"
// EXPECT: contains "Previous close of file descriptor"
// EXPECT: at=USE
// EXPECT: at=CLOSE_AGAIN
// EXPECT: at=CLOSE
// EXPECT: at=OPEN
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

int used, dupped, closed_twice;

int main() {
  used = open("/dev/null", O_RDWR);  // at: OPEN
  dupped = open("/dev/null", O_RDWR);
  closed_twice = open("/dev/null", O_RDWR);
  runUnordered(
      [] {
        close(used);  // at: CLOSE
        close(dupped);
        close(closed_twice);
      },
      [] {
        if (write(used, "", 1) != -1 || errno != EBADF) abort();  // at: USE
        if (dup(dupped) != -1 || errno != EBADF) abort();
        if (close(closed_twice) != -1 || errno != EBADF) abort();  // at: CLOSE_AGAIN
      });
  return 0;
}
