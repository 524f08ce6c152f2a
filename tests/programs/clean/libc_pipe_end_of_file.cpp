// libc_pipe_end_of_file.cpp - closing the writing end of a pipe announces data.
// Clean: close -> the read that returns end of file.
// TSan: false report
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
        data = 1;
        must(close(ends[1]) == 0);
      },
      [] {
        must(read(ends[0], &byte_received, 1) == 0);
        USE_VALUE(data);
      });
  return 0;
}
