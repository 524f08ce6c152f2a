// libc_epoll_one_shot.cpp - one-shot events: of two waiting threads one gets the event, and it is ordered after the write;
// armed again, the next write counts.
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "threads.h"

int data;
int ends[2], poller;

void arm(int how) {
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLONESHOT;
  wanted.data.fd = ends[0];
  if (epoll_ctl(poller, how, ends[0], &wanted) != 0) abort();
}

int main() {
  if (pipe(ends) != 0) abort();
  poller = epoll_create1(0);
  arm(EPOLL_CTL_ADD);
  runThreads(
      [] {
        for (int round = 0; round < 2; round++) {
          if (round == 0) data = 1;
          if (write(ends[1], "x", 1) != 1) abort();
          stepAdvance();
          stepWait(2 * round + 2);
        }
      },
      [] {
        for (int round = 0; round < 2; round++) {
          epoll_event event;
          if (epoll_wait(poller, &event, 1, 20'000) != 1) abort();
          char byte;
          if (round == 1 && data != 1) abort();
          if (round == 0 && data != 1) abort();
          if (read(ends[0], &byte, 1) != 1) abort();
          arm(EPOLL_CTL_MOD);
          stepAdvance();
        }
      });
}
