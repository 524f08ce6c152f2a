// A local variable of the function that a thread runs lies close to the thread's static thread-local storage, and
// is not taken for a part of it.
// EXPECT: races=1
// EXPECT: matches "Location is stack of thread [0-9]+"
// EXPECT: not-contains "thread-local"
#include "schedule.h"

#include <pthread.h>

long* shared;
HINDSIGHT_TEST_UNINSTRUMENTED void share(long* place) { shared = place; }
HINDSIGHT_TEST_UNINSTRUMENTED long* theShared() { return shared; }

void* owns(void*) {
  long local = 1;
  share(&local);
  stepAdvance();
  stepWait(2);
  USE_VALUE(&local);
  return nullptr;
}

void* writes(void*) {
  stepWait(1);
  *theShared() = 2;
  stepAdvance();
  return nullptr;
}

int main() {
  pthread_t owner, writer;
  pthread_create(&owner, nullptr, owns, nullptr);
  pthread_create(&writer, nullptr, writes, nullptr);
  pthread_join(owner, nullptr);
  pthread_join(writer, nullptr);
}
