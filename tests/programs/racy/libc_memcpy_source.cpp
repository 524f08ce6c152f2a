// libc_memcpy_source.cpp - memcpy reads bytes that another thread has just written.
// Racy: at the last byte of the source.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char from[64], to[64];
volatile size_t bytes = 33;  // not known to the compiler: a real call

int main() {
  runUnordered([] { from[10 + 32] = 1; }, [] { memcpy(to, from + 10, bytes); });
  return 0;
}
