// libc_read_buffer.cpp - read stores fewer bytes than it has room for.
// Clean: only what arrived counts as written.
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

char buffer[16];

void readSome(int wanted) {
  int ends[2];
  if (pipe(ends) != 0 || write(ends[1], "12345678", 8) != 8) abort();
  if (read(ends[0], buffer, static_cast<size_t>(wanted)) <= 0) abort();
  close(ends[0]);
  close(ends[1]);
}

int main() {
  runUnordered([] { USE_VALUE(buffer[7]); }, [] { readSome(7); });
  return 0;
}
