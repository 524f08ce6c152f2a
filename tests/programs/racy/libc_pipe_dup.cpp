// libc_pipe_dup.cpp - data is written after the byte that announces it went into a copy of a pipe.
// Racy: only what precedes the write is ordered before the read.
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int ends[2], copy;
char byte_sent, byte_received;
int data;

int main() {
  must(pipe(ends) == 0);
  copy = dup(ends[1]);
  must(close(ends[1]) == 0);
  runThreads(
      [] {
        must(write(copy, &byte_sent, 1) == 1);
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
