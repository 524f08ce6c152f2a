// libc_stream_handoff.cpp - data is written after the line that announces it went into a pipe.
// Racy: only what precedes the flush is ordered before fgets.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

FILE* writing;
FILE* reading;
char line[16];

void openBoth() {
  int ends[2];
  must(pipe(ends) == 0);
  reading = fdopen(ends[0], "r");
  writing = fdopen(ends[1], "w");
}

int data;

int main() {
  openBoth();
  runThreads(
      [] {
        must(fputs("ready\n", writing) >= 0 && fflush(writing) == 0);
        data = 1;
        stepAdvance();
      },
      [] {
        must(fgets(line, sizeof line, reading) != nullptr);
        stepWait(1);
        USE_VALUE(data);
      });
  return 0;
}
