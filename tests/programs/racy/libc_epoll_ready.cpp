// libc_epoll_ready.cpp - data is written after the byte that makes a descriptor ready.
// Racy: only what precedes the write is ordered before the wait.
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int ends[2], epoll;
char byte_sent;

void watch() {
  epoll_event event = {};
  event.events = EPOLLIN;
  must(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0);
}

void waitReady() {
  epoll_event event;
  must(epoll_wait(epoll, &event, 1, -1) == 1);
}

int data;

int main() {
  must(pipe(ends) == 0);
  epoll = epoll_create1(0);
  watch();
  runThreads(
      [] {
        must(write(ends[1], &byte_sent, 1) == 1);
        data = 1;
        stepAdvance();
      },
      [] {
        waitReady();
        stepWait(1);
        USE_VALUE(data);
      });
  return 0;
}
