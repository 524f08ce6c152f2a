// libc_sendmsg_handoff.cpp - data is written after the message that announces it was sent.
// Racy: only what precedes the sendmsg is ordered before the recvmsg.
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
        sendParts();
        data = 1;
        stepAdvance();
      },
      [] {
        receiveParts();
        stepWait(1);
        USE_VALUE(data);
      });
  return 0;
}
