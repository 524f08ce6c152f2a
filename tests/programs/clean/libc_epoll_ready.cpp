// libc_epoll_ready.cpp - epoll_wait reports a pipe ready; its byte is never read.
// Clean: write -> the wait that it lets through.
// TSan: false report
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
        data = 1;
        must(write(ends[1], &byte_sent, 1) == 1);
      },
      [] {
        waitReady();
        USE_VALUE(data);
      });
  return 0;
}
