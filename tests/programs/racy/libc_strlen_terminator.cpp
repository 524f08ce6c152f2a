// libc_strlen_terminator.cpp - strlen reads the terminator that another thread has just written.
// Racy: the terminator is read, too.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char text[16] = "0123456789";
volatile size_t length;

int main() {
  runUnordered([] { text[5] = 0; }, [] { length = strlen(text); });
  return 0;
}
