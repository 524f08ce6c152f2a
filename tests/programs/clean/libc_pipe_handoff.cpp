// libc_pipe_handoff.cpp - a byte through a pipe announces data.
// Clean: write -> the read that consumes it.
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int ends[2];
char byte_sent, byte_received;
int data;

int main() {
  must(pipe(ends) == 0);
  runThreads(
      [] {
        data = 1;
        must(write(ends[1], &byte_sent, 1) == 1);
      },
      [] {
        must(read(ends[0], &byte_received, 1) == 1);
        USE_VALUE(data);
      });
  return 0;
}
