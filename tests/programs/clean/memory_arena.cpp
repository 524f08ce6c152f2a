// An arena that is emptied and handed out again, without order between its users: its memory is new each time, and only
// the arena can say so.
#include "hindsight/annotate.h"
#include "threads.h"

alignas(16) char arena[64];

int* allocate() {
  hindsight::annotate::new_memory(arena, sizeof arena);
  return reinterpret_cast<int*>(arena);
}

int main() {
  const auto use = [] { *allocate() = 1; };
  runUnordered(use, use);
}
