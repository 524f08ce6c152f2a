// libc_snprintf_buffer.cpp - snprintf writes as much as fits, and a terminator.
// Racy: at the terminator, which another thread has just read.
#include <stdio.h>

#include "schedule.h"
#include "threads.h"

char buffer[32];
volatile int number = 12345;

int main() {
  runUnordered([] { USE_VALUE(buffer[5]); }, [] { snprintf(buffer, sizeof buffer, "%d", number); });
  return 0;
}
