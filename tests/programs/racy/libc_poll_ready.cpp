// libc_poll_ready.cpp - data is written after the byte that makes a descriptor ready.
// Racy: only what precedes the write is ordered before the poll.
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int ends[2];
char byte_sent;

void waitReady() {
  pollfd entry = {ends[0], POLLIN, 0};
  must(poll(&entry, 1, -1) == 1);
}

int data;

int main() {
  must(pipe(ends) == 0);
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
