// libc_memcpy_destination.cpp - memcpy writes over a byte that another thread has just read.
// Racy: at the first byte of the destination.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char from[64], to[64];
volatile size_t bytes = 21;

int main() {
  runUnordered([] { USE_VALUE(to[7]); }, [] { memcpy(to + 7, from, bytes); });
  return 0;
}
