// libc_poll_ready.cpp - poll reports a pipe ready; its byte is never read.
// Clean: write -> the wait that it lets through.
// TSan: false report
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
        data = 1;
        must(write(ends[1], &byte_sent, 1) == 1);
      },
      [] {
        waitReady();
        USE_VALUE(data);
      });
  return 0;
}
