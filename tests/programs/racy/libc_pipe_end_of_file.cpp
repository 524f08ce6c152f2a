// libc_pipe_end_of_file.cpp - data is written after the writing end of a pipe was closed.
// Racy: only what precedes the close is ordered before the end of file.
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int ends[2];
char byte_received;
int data;

int main() {
  must(pipe(ends) == 0);
  runThreads(
      [] {
        must(close(ends[1]) == 0);
        data = 1;
        stepAdvance();
      },
      [] {
        must(read(ends[0], &byte_received, 1) == 0);
        stepWait(1);
        USE_VALUE(data);
      });
  return 0;
}
