// libc_memcpy_destination.cpp - memcpy writes right behind a byte that another thread has just
// read. Clean: they do not overlap.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char from[64], to[64];
volatile size_t bytes = 21;

int main() {
  runUnordered([] { USE_VALUE(to[7]); }, [] { memcpy(to + 8, from, bytes); });
  return 0;
}
