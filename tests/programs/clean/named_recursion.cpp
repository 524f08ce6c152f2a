// Deep recursion, in several threads and several times: the detector's own record of the stack
// grows and shrinks with it.
#include "threads.h"

int shared_value;

__attribute__((noinline)) int descend(int depth) {
  if (depth == 0) return shared_value;
  int below = descend(depth - 1);
  __asm__ volatile("" ::: "memory");
  return below + 1;
}

int main() {
  for (int round = 0; round < 3; round++) {
    runThreadsIndexed(3, [](int) { USE_VALUE(descend(30000)); });
    shared_value++;
  }
}
