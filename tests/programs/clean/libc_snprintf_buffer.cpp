// libc_snprintf_buffer.cpp - snprintf writes no more than its text and a terminator.
// Clean: the rest of the buffer is left alone.
#include <stdio.h>

#include "schedule.h"
#include "threads.h"

char buffer[32];
volatile int number = 12345;

int main() {
  runUnordered([] { USE_VALUE(buffer[5]); },
               [] { snprintf(buffer, sizeof buffer, "%d", number / 10); });
  return 0;
}
