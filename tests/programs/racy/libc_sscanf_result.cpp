// libc_sscanf_result.cpp - sscanf stores a number where another thread has just read one.
// Racy: the conversion writes.
#include <stdio.h>

#include "schedule.h"
#include "threads.h"

int first, second;
const char* volatile text = "1 2";

int main() {
  runUnordered([] { USE_VALUE(second); }, [] { sscanf(text, "%d %d", &first, &second); });
  return 0;
}
