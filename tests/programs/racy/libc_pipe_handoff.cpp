// libc_pipe_handoff.cpp - data is written after the byte that announces it went into a pipe.
// Racy: only what precedes the write is ordered before the read.
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
        must(write(ends[1], &byte_sent, 1) == 1);
        data = 1;
        stepAdvance();
      },
      [] {
        must(read(ends[0], &byte_received, 1) == 1);
        stepWait(1);
        USE_VALUE(data);
      });
  return 0;
}
