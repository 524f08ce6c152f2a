// libc_memcmp_difference.cpp - memcmp finds its first difference at a byte that another thread has
// just written. Racy: that byte decides.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char left[64], right[64] = {0, 0, 0, 0, 0, 1};
volatile size_t bytes = 64;
volatile int result;

int main() {
  runUnordered([] { left[5] = 2; }, [] { result = memcmp(left, right, bytes); });
  return 0;
}
