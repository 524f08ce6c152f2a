// libc_vector_buffers.cpp - readv, preadv, writev and pwritev access the parts that they are given, as far as the data
// goes; sendfile and splice read and move on the offsets that the program keeps.
// Clean: the byte behind what arrives is not written, what is written out may be read, and the offsets are looked
// at by who has joined the thread.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

char in[2][2][4], out[2][2][4];
off_t sent = 0;
loff_t spliced = 0;
int file, sink, ends[2];

void check(bool holds) {
  if (!holds) abort();
}

int main() {
  file = memfd_create("file", 0);
  sink = open("/dev/null", O_RDWR);
  check(file >= 0 && sink >= 0 && pipe(ends) == 0 && write(file, "0123456", 7) == 7);
  check(lseek(file, 0, SEEK_SET) == 0);
  runUnordered(
      [] {
        const iovec to[2][2] = {{{in[0][0], 4}, {in[0][1], 4}}, {{in[1][0], 4}, {in[1][1], 4}}};
        const iovec from[2][2] = {{{out[0][0], 4}, {out[0][1], 4}}, {{out[1][0], 4}, {out[1][1], 4}}};
        check(readv(file, to[0], 2) == 7);
        check(preadv(file, to[1], 2, 0) == 7);
        check(writev(sink, from[0], 2) == 8);
        check(pwritev(file, from[1], 2, 0) == 8);
        check(sendfile(sink, file, &sent, 4) == 4);
        check(splice(file, &spliced, ends[1], nullptr, 4, 0) == 4);
      },
      [] {
        USE_VALUE(in[0][1][3]);
        USE_VALUE(in[1][1][3]);
        USE_VALUE(out[0][1][0]);
        USE_VALUE(out[1][1][0]);
      });
  check(sent == 4 && spliced == 4);
  return 0;
}
