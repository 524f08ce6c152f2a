// libc_other_pipe.cpp - a byte goes into one pipe, another byte comes out of another pipe.
// Racy: pipes do not order what passes through other pipes, nor do numbers that are used again.
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int used[2], other[2];
char byte;
int data;

int main() {
  must(pipe(used) == 0 && pipe(other) == 0);
  must(write(other[1], &byte, 1) == 1);
  runUnordered(
      [] {
        data = 1;
        must(write(used[1], &byte, 1) == 1);
      },
      [] {
        char received;
        must(read(other[0], &received, 1) == 1);
        USE_VALUE(data);
      });
  return 0;
}
