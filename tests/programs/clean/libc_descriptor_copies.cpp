// libc_descriptor_copies.cpp - one more descriptor of a pipe, socketpair or eventfd, by a message or by /dev/fd.
// Clean: what is written through one descriptor is ordered before what is read through the other.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int data[9];

/// Eight bytes go from `to` to `from`.
void handOver(int which, int from, int to) {
  runThreads(
      [=] {
        const uint64_t one = 1;
        data[which] = 1;
        must(write(to, &one, sizeof one) == sizeof one);
      },
      [=] {
        uint64_t got;
        must(read(from, &got, sizeof got) == sizeof got && got == 1);
        USE_VALUE(data[which]);
      });
}

int copyByMessage(int fd) {
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  char byte = 0;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {};
  iovec part = {&byte, 1};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof fd);
  memcpy(CMSG_DATA(rights), &fd, sizeof fd);
  must(sendmsg(ends[0], &message, 0) == 1);
  must(recvmsg(ends[1], &message, 0) == 1);
  int copy;
  memcpy(&copy, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof copy);
  close(ends[0]);
  close(ends[1]);
  return copy;
}

int copyByPath(const char* folder, int fd, int flags) {
  char path[64];
  snprintf(path, sizeof path, "%s/%d", folder, fd);
  const int copy = open(path, flags);
  must(copy >= 0);
  return copy;
}

int main() {
  int ends[2];
  must(pipe(ends) == 0);
  handOver(0, ends[0], copyByMessage(ends[1]));
  handOver(1, copyByMessage(ends[0]), ends[1]);
  handOver(2, ends[0], copyByPath("/dev/fd", ends[1], O_WRONLY));
  handOver(3, copyByPath("/proc/self/fd", ends[0], O_RDONLY), ends[1]);
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  handOver(4, ends[0], copyByMessage(ends[1]));
  handOver(5, copyByMessage(ends[0]), ends[1]);
  const int sent = copyByMessage(ends[1]);
  close(ends[1]);
  handOver(6, ends[0], sent);
  const int events = eventfd(0, 0);
  handOver(7, events, copyByMessage(events));
  handOver(8, copyByMessage(events), events);
}
