// libc_splice_handoff.cpp - a byte goes from one pipe to another by splice, and its order with it: write, splice, read.
// EXPECT: races=1
// Racy: the data is written after the byte.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "threads.h"

int data;
int first[2], second[2];

int main() {
  if (pipe(first) != 0 || pipe(second) != 0) abort();
  runThreads(
      [] {
        if (write(first[1], "x", 1) != 1) abort();
        data = 1;
        stepAdvance();
      },
      [] {
        if (splice(first[0], nullptr, second[1], nullptr, 1, 0) != 1) abort();
      },
      [] {
        char byte;
        if (read(second[0], &byte, 1) != 1) abort();
        stepWait(1);
        if (data != 1) abort();
      });
}
