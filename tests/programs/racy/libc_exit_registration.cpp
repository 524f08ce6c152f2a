// What a detached thread does after it registered an exit handler is not ordered before the
// handler.
// EXPECT: races>=1
#include <stdlib.h>

#include "threads.h"

int* table;

void release() {
  free(table);
  table = nullptr;
}

int main() {
  Thread thread([] {
    table = static_cast<int*>(malloc(sizeof(int)));
    atexit(release);
    *table = 1;
    stepAdvance();
    for (;;) sched_yield();
  });
  thread.detach();
  stepWait(1);
}
