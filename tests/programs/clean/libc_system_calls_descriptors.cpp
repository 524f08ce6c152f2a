// libc_system_calls_descriptors.cpp - descriptors are made, copied and used by syscall().
// Clean: what was written before a write, or a message, to one is ordered before what reads it, through whichever copy.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

static int opened(long result) {
  must(result >= 0);
  return static_cast<int>(result);
}

struct Message {
  char byte = 0;
  iovec part{&byte, 1};
  msghdr header{};
  Message() {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
  }
};

static void handOver(int from, int to, int* data) {
  static const eventfd_t one = 1;
  runThreads(
      [=] {
        *data = 1;
        must(syscall(SYS_write, from, &one, sizeof one) == sizeof one);
      },
      [=] {
        eventfd_t value;
        must(syscall(SYS_read, to, &value, sizeof value) == sizeof value);
        USE_VALUE(*data);
      });
}

int data[6];
Message sent, received;
int ends[2];

int main() {
  const int event = opened(syscall(SYS_eventfd2, 0, 0));
  handOver(event, opened(syscall(SYS_dup, event)), &data[0]);
  const int other = opened(syscall(SYS_eventfd2, 0, 0));
  handOver(other, other, &data[1]);
  must(syscall(SYS_dup3, event, other, O_CLOEXEC) == other);  // from now on it is the first one
  handOver(event, other, &data[2]);
  handOver(other, opened(syscall(SYS_fcntl, event, F_DUPFD_CLOEXEC, 0)), &data[3]);

  must(syscall(SYS_pipe2, ends, O_CLOEXEC) == 0);
  handOver(ends[1], ends[0], &data[4]);

  must(syscall(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
  runThreads(
      [] {
        sent.byte = 1;
        data[5] = 1;
        must(syscall(SYS_sendmsg, ends[0], &sent.header, 0) == 1);
      },
      [] {
        must(syscall(SYS_recvmsg, ends[1], &received.header, 0) == 1);
        USE_VALUE(data[5]);
      });
  USE_VALUE(received.byte);

  // Without memory they only ask whether the kernel knows them.
  static const long numbers[] = {SYS_readv,    SYS_writev,   SYS_sendmsg, SYS_recvmsg, SYS_sendmmsg, SYS_recvmmsg,
                                 SYS_memfd_create, SYS_openat, SYS_ppoll, SYS_pipe2, SYS_connect,  SYS_sendto};
  for (const long number : numbers)
    must(syscall(number, -1, nullptr, 1, 0, 0, 0) == -1);
  return 0;
}
