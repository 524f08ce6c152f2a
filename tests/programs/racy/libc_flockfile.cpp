// flockfile is a lock; that of another stream orders nothing.
// EXPECT: races=1
#include <stdio.h>

#include "threads.h"

FILE *stream, *other;
int counter;

static void count(FILE* lock) {
  flockfile(lock);
  ++counter;
  funlockfile(lock);
}
static void tryToCount(FILE* lock) {
  while (ftrylockfile(lock) != 0) sched_yield();
  ++counter;
  funlockfile(lock);
}

int main() {
  stream = tmpfile();
  other = tmpfile();
  runUnordered([] { count(stream); }, [] { tryToCount(other); });
  fclose(stream);
  fclose(other);
}
