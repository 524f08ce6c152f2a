// fd_use_closed.cpp - numbers of descriptors that one thread has closed are used by another, which has opened
// them again itself, nothing but the kernel in between; and one that a thread knows to be closed.
// Clean: the kernel gives a number out again only after it has been given back.
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

int closed;

int openAt(int number) {
  for (;;) {
    const int fd = open("/dev/null", O_RDWR);
    if (fd < 0 || fd == number) return fd;
  }
}

int main() {
  const int first = open("/dev/null", O_RDWR), second = open("/dev/null", O_RDWR);
  closed = open("/dev/null", O_RDWR);
  if (close(closed) != 0 || close(closed) != -1 || errno != EBADF) abort();
  runUnordered(
      [=] {
        if (write(first, "", 1) != 1 || write(second, "", 1) != 1) abort();
        close(first);
      },
      [=] {
        if (write(openAt(first), "", 1) != 1) abort();
        close(first);
        if (write(second, "", 1) != 1) abort();
        // A descriptor may be replaced while it is in use: /dev/null in the place of a log.
        if (dup2(openAt(first), second) != second) abort();
        if (write(second, "", 1) != 1) abort();
      });
  return 0;
}
