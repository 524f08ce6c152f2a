// fd_closed_after_data.cpp - who has read the last data, or its end, closes both ends; who is told that a connection
// is done closes it; a number travels through the queue of a relaxed atomic.
// Clean: a use happens before what its data leads to. An integer that is passed on without order is no race.
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "schedule.h"
#include "threads.h"

std::atomic<int> passed_on{-1};

void receive(int from) {
  char byte;
  if (read(from, &byte, 1) != 1) abort();
}

int main() {
  for (int i = 0; i < 200; ++i) {
    int ends[2], sockets[2];
    if (pipe(ends) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0) abort();
    runThreads(
        [=] {
          if (write(ends[1], "a", 1) != 1) abort();
          receive(sockets[0]);
          close(sockets[0]);
          close(sockets[1]);
        },
        [=] {
          receive(ends[0]);
          close(ends[1]);
          close(ends[0]);
          if (send(sockets[1], "b", 1, 0) != 1) abort();
        });
  }
  runThreads([] { passed_on.store(open("/dev/null", O_RDWR), std::memory_order_relaxed); },
             [] {
               int fd;
               while ((fd = passed_on.load(std::memory_order_relaxed)) < 0) sched_yield();
               if (write(fd, "", 1) != 1) abort();
               close(fd);
             });
  return 0;
}
