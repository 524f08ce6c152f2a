// A race at the bottom of a recursion 10,000 deep: the report shows the access and the innermost
// frames, neither crashes nor prints 20,000 lines.
// EXPECT: races=1
// EXPECT: contains "descend"
// EXPECT: at=bottom
#include "threads.h"

int shared_value;

__attribute__((noinline)) int descend(int depth) {
  if (depth == 0) return shared_value++;  // at: bottom
  int below = descend(depth - 1);
  __asm__ volatile("" ::: "memory");
  return below + 1;
}

int main() {
  runUnordered([] { USE_VALUE(descend(10000)); }, [] { USE_VALUE(descend(10000)); });
}
