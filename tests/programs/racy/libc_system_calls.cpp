// libc_system_calls.cpp - what is written after a pipe was written and closed by syscall(), and a buffer that
// one thread writes while another gives it to the kernel.
// Racy: only what precedes the call is ordered; the kernel reads the buffer. The summary is printed although
// the program ends by syscall(), too.
// EXPECT: races=3
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
        must(syscall(SYS_write, ends[1], &byte_sent, 1) == 1);
        data = 1;
        byte_sent = 1;
        stepAdvance();
      },
      [] {
        stepWait(1);
        must(syscall(SYS_read, ends[0], &byte_received, 1) == 1);
        USE_VALUE(data);
        must(syscall(SYS_write, ends[1], &byte_sent, 1) == 1);
      });
  must(read(ends[0], &byte_received, 1) == 1);
  runThreads(
      [] {
        must(syscall(SYS_close, ends[1]) == 0);
        last = 1;
        stepAdvance();
      },
      [] {
        stepWait(2);
        must(syscall(SYS_read, ends[0], &byte_received, 1) == 0);
        USE_VALUE(last);
      });
  syscall(SYS_exit_group, 0);
}
