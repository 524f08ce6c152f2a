// libc_eventfd_handoff.cpp - an eventfd announces data.
// Clean: write -> the read that consumes it.
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
        data = 1;
        must(eventfd_write(event, 1) == 0);
      },
      [] {
        must(eventfd_read(event, &count) == 0);
        USE_VALUE(data);
      });
  return 0;
}
