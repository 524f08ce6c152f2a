// libc_stream_buffer.cpp - several threads write to and read from streams with buffers that the program has given;
// it touches them before and afterwards, and next to what stdio has touched.
// Clean: the streams' locks order what stdio does, and the program joins the threads.
#include <stdio.h>
#include <string.h>

#include "schedule.h"
#include "threads.h"

constexpr int kSize = 256;
char out[kSize], in[kSize], quiet[kSize];

int main() {
  memset(out, 1, kSize);
  memset(in, 1, kSize);
  FILE* output = fopen("/dev/null", "w");
  FILE* input = fopen("/dev/zero", "r");
  FILE* still = fopen("/dev/null", "w");
  if (setvbuf(output, out, _IOFBF, kSize) != 0 || setvbuf(input, in, _IOFBF, kSize) != 0 ||
      setvbuf(still, quiet, _IOFBF, kSize) != 0)
    abort();
  runThreadsIndexed(3, [=](int self) {
    for (int i = 0; i < 300; ++i) {
      fprintf(output, "%d", i);
      if (getc(input) != 0) abort();
      if (i % 7 == 0) fflush(output);
      flockfile(output);
      putc_unlocked('a', output);
      putc_unlocked('b', output);
      funlockfile(output);
    }
    if (self == 0) fputs("abc", still);
    if (self == 1) quiet[3] = 1;  // behind what was put
  });
  fclose(output);
  fclose(input);
  fclose(still);
  memset(out, 2, kSize);
  memset(in, 2, kSize);
  return 0;
}
