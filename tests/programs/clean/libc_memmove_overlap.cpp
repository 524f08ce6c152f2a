// libc_memmove_overlap.cpp - memmove within one array after the writer of it was joined.
// Clean: pthread_join.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char block[100];
volatile size_t bytes = 40;

int main() {
  runOrdered([] { block[39] = 1; }, [] { memmove(block + 20, block, bytes); });
  return 0;
}
