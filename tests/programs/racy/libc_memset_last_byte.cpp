// libc_memset_last_byte.cpp - memset reaches a byte that another thread has just written.
// Racy: at the last byte only.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char block[100];
volatile size_t bytes = 50;

int main() {
  runUnordered([] { block[3 + 49] = 1; }, [] { memset(block + 3, 0, bytes); });
  return 0;
}
