// libc_timerfd_handoff.cpp - setting a timer happens before the read that waits for it.
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cstdint>

#include "threads.h"

int data;

int main() {
  const int fd = timerfd_create(CLOCK_MONOTONIC, 0);
  runThreads(
      [fd] {
        data = 1;
        const itimerspec soon = {{0, 0}, {0, 1000}};
        timerfd_settime(fd, 0, &soon, nullptr);
      },
      [fd] {
        std::uint64_t count;
        if (read(fd, &count, sizeof count) != sizeof count) abort();
        if (data != 1) abort();
      });
}
