// libc_sscanf_result.cpp - sscanf fails before the conversion whose target another thread has just
// read. Clean: what was not assigned is not written.
#include <stdio.h>

#include "schedule.h"
#include "threads.h"

int first, second;
const char* volatile text = "1 2";

int main() {
  runUnordered([] { USE_VALUE(second); }, [] { sscanf(text, "%d x%d", &first, &second); });
  return 0;
}
