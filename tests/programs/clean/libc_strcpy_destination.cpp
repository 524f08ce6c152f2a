// libc_strcpy_destination.cpp - strcpy ends right before a byte that another thread has just
// written. Clean: they do not overlap.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char to[32];
const char* volatile from = "four";

int main() {
  runUnordered([] { to[4] = 1; }, [] { strcpy(to, from + 1); });
  return 0;
}
