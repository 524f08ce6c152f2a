// libc_memcmp_difference.cpp - memcmp stops before a byte that another thread has just written.
// Clean: what lies behind the first difference is not looked at.
// TSan: false report
#include <string.h>

#include "schedule.h"
#include "threads.h"

char left[64], right[64] = {0, 0, 0, 0, 0, 1};
volatile size_t bytes = 64;
volatile int result;

int main() {
  runUnordered([] { left[5] = 2; },
               [] {
                 right[4] = 3;
                 result = memcmp(left, right, bytes);
               });
  return 0;
}
