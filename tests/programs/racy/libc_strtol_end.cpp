// libc_strtol_end.cpp - strtol looks at the byte behind the number, which another thread has just
// written. Racy: it is read to see that the number ends there. TSan: missed
#include <stdlib.h>

#include "schedule.h"
#include "threads.h"

char text[16] = "1234 6789";
volatile long result;

int main() {
  runUnordered([] { text[4] = 32; }, [] { result = strtol(text, nullptr, 10); });
  return 0;
}
