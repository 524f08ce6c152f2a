// libc_strlen_terminator.cpp - strlen of a string whose last byte is before what another thread
// writes. Clean: nothing behind the terminator is read.
#include <string.h>

#include "schedule.h"
#include "threads.h"

char text[16] = "0123456789";
volatile size_t length;

int main() {
  runUnordered([] { text[5] = 0; },
               [] {
                 text[4] = 0;
                 length = strlen(text);
               });
  return 0;
}
