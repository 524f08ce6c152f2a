// libc_fixed_stream.cpp - the program touches arrays that it has given to fmemopen while another thread reads from,
// writes to and closes the streams: the last byte that is read, the first that is written, and the zero behind it.
// Racy: the streams access the arrays.
// EXPECT: races=4
// EXPECT: at=READ
// EXPECT: at=FLUSH
// EXPECT: at=CLOSE
#include <stdio.h>
#include <string.h>

#include "schedule.h"
#include "threads.h"

char source[8] = "abcdefg", target[8], ended[8], appended[8] = "ab";

int main() {
  FILE* reading = fmemopen(source, sizeof source, "r");
  FILE* writing = fmemopen(target, sizeof target, "w");
  FILE* ending = fmemopen(ended, sizeof ended, "w");
  FILE* appending = fmemopen(appended, sizeof appended, "a");
  runUnordered(
      [=] {
        if (getc(reading) != 'a') abort();  // at: READ
        fputs("xyz", writing);
        fflush(writing);  // at: FLUSH
        fputs("xyz", ending);
        fclose(ending);  // at: CLOSE
        fputs("c", appending);
        fclose(appending);
      },
      [] {
        source[7] = 1;
        USE_VALUE(target[0]);
        USE_VALUE(ended[3]);
        USE_VALUE(appended[2]);
      });
  return 0;
}
