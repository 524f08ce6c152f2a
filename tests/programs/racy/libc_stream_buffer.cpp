// libc_stream_buffer.cpp - the program touches buffers that it has given to streams while another thread uses those:
// one is written to, one flushed, one filled, one read from what was filled before, and one closed.
// Racy: stdio accesses the buffer with every use of the stream.
// EXPECT: races=5
// EXPECT: at=PUT
// EXPECT: at=FLUSH
// EXPECT: at=FILL
// EXPECT: at=TAKE
// EXPECT: at=CLOSE
#include <stdio.h>
#include <string.h>

#include "schedule.h"
#include "threads.h"

constexpr int kSize = 256;
char put[kSize], flushed[kSize], filled[kSize], taken[kSize], closed[kSize];
FILE *putting, *flushing, *filling, *taking, *closing;

FILE* openOn(const char* path, const char* mode, char* buffer) {
  FILE* stream = fopen(path, mode);
  if (stream == nullptr || setvbuf(stream, buffer, _IOFBF, kSize) != 0) abort();
  return stream;
}

int main() {
  putting = openOn("/dev/null", "w", put);
  flushing = openOn("/dev/null", "w", flushed);
  filling = openOn("/dev/zero", "r", filled);
  taking = openOn("/dev/zero", "r", taken);
  closing = openOn("/dev/null", "w", closed);
  fputs("later", flushing);
  fputs("later", closing);
  if (getc(taking) != 0) abort();
  runUnordered(
      [] {
        fprintf(putting, "%d", 12);  // at: PUT
        fflush(flushing);            // at: FLUSH
        if (getc(filling) != 0) abort();  // at: FILL
        if (getc(taking) != 0) abort();   // at: TAKE
        fclose(closing);                  // at: CLOSE
      },
      [] {
        USE_VALUE(put[1]);
        flushed[4] = 1;
        USE_VALUE(filled[kSize - 1]);
        taken[1] = 1;
        closed[0] = 1;
      });
  return 0;
}
