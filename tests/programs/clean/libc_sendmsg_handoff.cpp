// libc_sendmsg_handoff.cpp - a message of two parts over a socket pair announces data.
// Clean: sendmsg -> the recvmsg that consumes it.
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int ends[2];
char sent[4], received[4];

void sendParts() {
  iovec parts[2] = {{sent, 2}, {sent + 2, 2}};
  msghdr message = {};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  must(sendmsg(ends[0], &message, 0) == 4);
}

void receiveParts() {
  iovec parts[2] = {{received, 1}, {received + 1, 3}};
  msghdr message = {};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  must(recvmsg(ends[1], &message, MSG_WAITALL) == 4);
}

int data;

int main() {
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  runThreads(
      [] {
        data = 1;
        sendParts();
      },
      [] {
        receiveParts();
        USE_VALUE(data);
      });
  return 0;
}
