// Registering an exit handler happens before the handler runs: the C library's list has a lock.
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

    stepAdvance();
    for (;;) sched_yield();
  });
  thread.detach();
  stepWait(1);
}
