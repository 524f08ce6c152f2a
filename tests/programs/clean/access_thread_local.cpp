// thread_local variables with constructors and destructors: each thread its own, also when a new
// thread gets the memory of a finished one.
#include "threads.h"

struct Tracked {
  int value = 1;
  ~Tracked() { value = 0; }
};
thread_local int plain = 5;
thread_local Tracked tracked;

int main() {
  plain = 1;
  for (int round = 0; round < 20; round++) {
    runThreadsIndexed(4, [](int i) {
      for (int n = 0; n < 50; n++) {
        plain += i;
        tracked.value += plain;
      }
    });
  }
  USE_VALUE(plain);
}
