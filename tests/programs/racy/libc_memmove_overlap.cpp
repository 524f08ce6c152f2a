// libc_memmove_overlap.cpp - memmove within one array; another thread has just written the last
// byte it reads. Racy: the source counts although it overlaps the destination.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char block[100];
volatile size_t bytes = 40;

int main() {
  runUnordered([] { block[39] = 1; }, [] { memmove(block + 20, block, bytes); });
  return 0;
}
