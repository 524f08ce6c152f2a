// Tens of thousands of exceptions, caught at different depths, rethrown and nested: the detector's
// record of the stack stays in step (it would overflow otherwise).
#include "threads.h"

struct Cleanup {
  int* counter;
  ~Cleanup() {
    try {
      ++*counter;
      if (*counter % 16 == 0) throw *counter;
    } catch (int) {
    }
  }
};

__attribute__((noinline)) void descend(int depth, int* counter) {
  Cleanup cleanup{counter};
  if (depth == 0) throw depth;
  try {
    descend(depth - 1, counter);
  } catch (int thrown_at) {
    if (thrown_at + depth < 6) throw;
    throw depth;
  }
}

int main() {
  runThreadsIndexed(3, [](int i) {
    int counter = 0;
    for (int n = 0; n < 500; n++) {
      try {
        descend(i + 6, &counter);
      } catch (int) {
      }
    }
  });
}
