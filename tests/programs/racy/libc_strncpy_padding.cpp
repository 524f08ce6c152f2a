// libc_strncpy_padding.cpp - strncpy fills the rest of its room with zeros.
// Racy: the padding reaches a byte that another thread has just read.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char to[32];
const char* volatile from = "four";
volatile size_t room = 20;

int main() {
  runUnordered([] { USE_VALUE(to[19]); }, [] { strncpy(to, from, room); });
  return 0;
}
