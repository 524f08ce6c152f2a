// libc_pipe_dup.cpp - a byte through a duplicate of the writing end announces data, after the
// original was closed. Clean: the copy means the same pipe.
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
        data = 1;
        must(write(copy, &byte_sent, 1) == 1);
      },
      [] {
        must(read(ends[0], &byte_received, 1) == 1);
        USE_VALUE(data);
      });
  return 0;
}
