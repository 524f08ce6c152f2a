// libc_memcpy_source.cpp - memcpy stops before a byte that another thread has just written.
// Clean: they do not overlap.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char from[64], to[64];
volatile size_t bytes = 33;  // not known to the compiler: a real call

int main() {
  runUnordered([] { from[10 + 32] = 1; }, [] { memcpy(to, from + 10, bytes - 1); });
  return 0;
}
