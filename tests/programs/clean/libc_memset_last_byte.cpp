// libc_memset_last_byte.cpp - memset stops before a byte that another thread has just written.
// Clean: they do not overlap.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char block[100];
volatile size_t bytes = 50;

int main() {
  runUnordered([] { block[3 + 49] = 1; }, [] { memset(block + 3, 0, bytes - 1); });
  return 0;
}
