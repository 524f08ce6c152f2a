// libc_system_calls_descriptors.cpp - descriptors are made and used by syscall().
// Racy: of two socket pairs, one orders nothing of the other, nor does an event; the kernel reads and writes
// buffers that other threads use; and a descriptor is closed while another thread may use it.
// EXPECT: races=5
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

int data, after_event;
Message sent, received;
int used[2], unused[2], event, shut;
char byte;

int main() {
  must(syscall(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, used) == 0);
  must(syscall(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, unused) == 0);
  event = opened(syscall(SYS_eventfd2, 1, 0));
  shut = opened(syscall(SYS_dup, event));
  must(syscall(SYS_sendmsg, unused[0], &sent.header, 0) == 1);
  runThreads(
      [] {
        data = 1;
        must(syscall(SYS_sendmsg, used[0], &sent.header, 0) == 1);
        after_event = 1;
        sent.byte = 2;
        received.byte = 2;
        must(syscall(SYS_fcntl, shut, F_GETFD) >= 0);
        stepAdvance();
      },
      [] {
        stepWait(1);
        must(syscall(SYS_recvmsg, unused[1], &received.header, 0) == 1);  // received.byte
        USE_VALUE(data);
        eventfd_t value;
        must(syscall(SYS_read, event, &value, sizeof value) == sizeof value);
        USE_VALUE(after_event);
        must(syscall(SYS_sendto, unused[0], &sent.byte, 1, 0, nullptr, 0) == 1);
        must(syscall(SYS_close, shut) == 0);
      });
  return 0;
}
