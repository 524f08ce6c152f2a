// Asking for the end of one asynchronous request orders nothing about another, nor does being right about it.
// EXPECT: races=2
#include <aio.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "threads.h"

FILE* file;

struct Transfer {
  aiocb request;
  char buffer[16];

  void run() {
    memset(buffer, 1, sizeof buffer);
    request.aio_fildes = fileno(file);
    request.aio_buf = buffer;
    request.aio_nbytes = sizeof buffer;
    aio_read(&request);
    while (aio_error(&request) == EINPROGRESS) sched_yield();
  }
};

Transfer first, second;

int main() {
  file = tmpfile();
  fputs("xxxxxxxxxxxxxxxx", file);
  fflush(file);
  runUnordered(
      [] {
        first.run();
        second.run();
      },
      [] {
        second.buffer[0] = 'y';
        aio_error(&first.request);
        second.buffer[15] = 'y';
      });
}
