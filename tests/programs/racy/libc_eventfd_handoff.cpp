// libc_eventfd_handoff.cpp - data is written after the count that announces it was added to an
// eventfd. Racy: only what precedes the write is ordered before the read.
#include <stdlib.h>
#include <sys/eventfd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int event;
eventfd_t count;
int data;

int main() {
  event = eventfd(0, 0);
  runThreads(
      [] {
        must(eventfd_write(event, 1) == 0);
        data = 1;
        stepAdvance();
      },
      [] {
        must(eventfd_read(event, &count) == 0);
        stepWait(1);
        USE_VALUE(data);
      });
  return 0;
}
