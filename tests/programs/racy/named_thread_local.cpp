// The report says that the memory is thread-local, and whose.
// EXPECT: races=1
// EXPECT: contains "Location is thread-local storage of main thread"
#include "threads.h"

thread_local int own;

int main() {
  int* given = &own;
  Thread thread([given] {
    *given = 1;
    stepAdvance();
  });
  stepWait(1);
  own = 2;
  thread.join();
}
