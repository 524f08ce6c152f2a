// libc_write_buffer.cpp - write of the bytes behind one that another thread has just written.
// Clean: they do not overlap.
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

char buffer[16];

void writeFrom(int first) {
  int ends[2];
  if (pipe(ends) != 0 || write(ends[1], buffer + first, 4) != 4) abort();
  close(ends[0]);
  close(ends[1]);
}

int main() {
  runUnordered([] { buffer[2] = 1; }, [] { writeFrom(3); });
  return 0;
}
