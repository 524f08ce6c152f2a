// The report says that the memory is thread-local, whose, and which variable it is.
// EXPECT: races=2
// EXPECT: contains "Location is thread-local storage of main thread, variable 'own' ("
// EXPECT: matches "Location is thread-local storage of thread [0-9]+, variable 'rows\[2\].values\[1\]' \("
#include "threads.h"

struct Row {
  int key, values[2];
};
thread_local int own;
thread_local Row rows[4];

/// Stores or loads a pointer that is no part of the race.
HINDSIGHT_TEST_UNINSTRUMENTED int* given(int*& place, int* pointer) {
  if (pointer != nullptr) place = pointer;
  return place;
}

int main() {
  int* own_of_main = &own;
  Thread thread([own_of_main] {
    *own_of_main = 1;
    stepAdvance();
  });
  stepWait(1);
  own = 2;
  thread.join();

  int* other = nullptr;
  Thread owner([&other] {
    rows[2].values[1] = 1;
    given(other, &rows[2].values[1]);
    stepAdvance();
    stepWait(3);
  });
  stepWait(2);
  *given(other, nullptr) = 2;
  stepAdvance();
  owner.join();
}
