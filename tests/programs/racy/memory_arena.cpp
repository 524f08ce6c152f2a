// An arena that is emptied and handed out again, without order between its users: its memory is new each time, and only
// the arena can say so.
// Racy: it does not.
// EXPECT: races=1
#include "hindsight/annotate.h"
#include "threads.h"

alignas(16) char arena[64];

int* allocate() {
  return reinterpret_cast<int*>(arena);
}

int main() {
  const auto use = [] { *allocate() = 1; };
  runUnordered(use, use);
}
