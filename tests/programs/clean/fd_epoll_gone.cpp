// An epoll instance that watched a pipe is closed; the reader of the pipe is ordered after what was written to it later.
#include <sys/epoll.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "schedule.h"

static int value;

static void watchForAWhile(int fd) {
  const int epoll = epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0 || close(epoll) != 0) abort();
}

int main() {
  int watched[2], later[2];
  char byte = 0;
  if (pipe(watched) != 0) abort();
  watchForAWhile(watched[0]);
  if (pipe(later) != 0 || write(later[1], &byte, 1) != 1) abort();
  std::thread writer([&] {
    char mine = 0;
    value = 1;
    if (write(watched[1], &mine, 1) != 1) abort();
    stepAdvance();
  });
  std::thread reader([&] {
    char mine;
    stepWait(1);
    if (read(watched[0], &mine, 1) != 1) abort();
    USE_VALUE(value);
  });
  writer.join();
  reader.join();
}
