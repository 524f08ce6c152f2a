// A function registered with atexit runs while a detached thread may still be at work.
// EXPECT: races=1
#include <stdlib.h>

#include "threads.h"

int log_lines;

int main() {
  atexit([] { log_lines = 0; });
  Thread thread([] {
    log_lines++;
    stepAdvance();
    for (;;) sched_yield();
  });
  thread.detach();
  stepWait(1);
}
