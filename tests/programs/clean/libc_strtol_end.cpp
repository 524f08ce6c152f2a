// libc_strtol_end.cpp - strtol ends before a byte that another thread has just written.
// Clean: nothing behind the byte after the number is read.
#include <stdlib.h>

#include "schedule.h"
#include "threads.h"

char text[16] = "1234 6789";
volatile long result;

int main() {
  runUnordered([] { text[4] = 32; },
               [] {
                 text[3] = 32;
                 result = strtol(text, nullptr, 10);
               });
  return 0;
}
