// libc_socketpair_handoff.cpp - a message over a socket pair announces data.
// Clean: send -> the receive that consumes it.
#include <stdlib.h>
#include <sys/socket.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int ends[2];
char byte_sent, byte_received;
int data;

int main() {
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  runThreads(
      [] {
        data = 1;
        must(send(ends[0], &byte_sent, 1, 0) == 1);
      },
      [] {
        must(recv(ends[1], &byte_received, 1, 0) == 1);
        USE_VALUE(data);
      });
  return 0;
}
