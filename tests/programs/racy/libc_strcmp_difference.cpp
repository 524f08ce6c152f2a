// libc_strcmp_difference.cpp - strcmp compares up to a byte that another thread has just written.
// Racy: the first difference is read.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char left[16] = "abcdefg", right[16] = "abcdxyz";
volatile int result;

int main() {
  runUnordered([] { left[4] = 102; }, [] { result = strcmp(left, right); });
  return 0;
}
