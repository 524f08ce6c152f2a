// libc_fifo_handoff.cpp - data is written after the byte that announces it went into a FIFO.
// Racy: only what precedes the write is ordered before the read.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

char path[] = "/tmp/hindsight_fifo_XXXXXX";
int writing, reading;
char byte_sent, byte_received;

void openBoth() {
  must(mkdtemp(path) != nullptr);
  char name[64];
  snprintf(name, sizeof name, "%s/fifo", path);
  must(mkfifo(name, 0600) == 0);
  reading = open(name, O_RDONLY | O_NONBLOCK);
  writing = open(name, O_WRONLY);
  must(reading >= 0 && writing >= 0 && fcntl(reading, F_SETFL, 0) == 0);
  must(unlink(name) == 0 && rmdir(path) == 0);
}

int data;

int main() {
  openBoth();
  runThreads(
      [] {
        must(write(writing, &byte_sent, 1) == 1);
        data = 1;
        stepAdvance();
      },
      [] {
        must(read(reading, &byte_received, 1) == 1);
        stepWait(1);
        USE_VALUE(data);
      });
  return 0;
}
