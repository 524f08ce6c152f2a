// libc_strcmp_difference.cpp - strcmp stops before a byte that another thread has just written.
// Clean: what lies behind the first difference is not looked at.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char left[16] = "abcdefg", right[16] = "abcdxyz";
volatile int result;

int main() {
  runUnordered([] { left[4] = 102; },
               [] {
                 right[3] = 0;
                 result = strcmp(left, right);
               });
  return 0;
}
