// libc_printf_string.cpp - snprintf reads no more of a string than its precision.
// Clean: the byte behind that is left alone.
#include <stdio.h>

#include "schedule.h"
#include "threads.h"

char name[16] = "somebody";
char buffer[32];
volatile int precision = 5;

int main() {
  runUnordered([] { name[4] = 1; },
               [] { snprintf(buffer, sizeof buffer, "%d %.*s", 1, precision - 1, name); });
  return 0;
}
