// libc_printf_string.cpp - snprintf reads the string of a %s conversion.
// Racy: another thread has just written its last character.
// TSan: missed
#include <stdio.h>

#include "schedule.h"
#include "threads.h"

char name[16] = "somebody";
char buffer[32];
volatile int precision = 5;

int main() {
  runUnordered([] { name[4] = 1; },
               [] { snprintf(buffer, sizeof buffer, "%d %.*s", 1, precision, name); });
  return 0;
}
