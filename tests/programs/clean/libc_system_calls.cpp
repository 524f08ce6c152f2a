// libc_system_calls.cpp - a pipe is written, read and closed by syscall(), as libuv does.
// Clean: write -> the read of the byte; close -> the read that returns end of file.
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int ends[2];
char byte_sent, byte_received;
int data, last;

int main() {
  must(pipe(ends) == 0);
  runThreads(
      [] {
        data = 1;
        must(syscall(SYS_write, ends[1], &byte_sent, 1) == 1);
        last = 1;
        must(syscall(SYS_close, ends[1]) == 0);
      },
      [] {
        must(syscall(SYS_read, ends[0], &byte_received, 1) == 1);
        USE_VALUE(data);
        must(syscall(SYS_read, ends[0], &byte_received, 1) == 0);
        USE_VALUE(last);
      });
  // A number that was closed means nothing of what it was.
  must(syscall(SYS_close, ends[0]) == 0 && close(ends[0]) == -1);
  return 0;
}
