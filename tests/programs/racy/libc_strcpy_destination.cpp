// libc_strcpy_destination.cpp - strcpy's terminator lands on a byte that another thread has just
// written. Racy: length + 1 bytes are written.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char to[32];
const char* volatile from = "four";

int main() {
  runUnordered([] { to[4] = 1; }, [] { strcpy(to, from); });
  return 0;
}
