// libc_stream_handoff.cpp - a line through a pipe, by stdio on both sides, announces data.
// Clean: fflush -> the fgets that takes the line.
// TSan: false report
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
        data = 1;
        must(fputs("ready\n", writing) >= 0 && fflush(writing) == 0);
      },
      [] {
        must(fgets(line, sizeof line, reading) != nullptr);
        USE_VALUE(data);
      });
  return 0;
}
