// After an exception was thrown through several frames, the stack does not contain them any more.
// EXPECT: races=1
// EXPECT: contains "afterCatch"
// EXPECT: contains "parseAll"
// EXPECT: at=afterCatch
// EXPECT: at=parseAll
// EXPECT: not-contains "thrower"
// EXPECT: not-contains "between"
#include "threads.h"

int errors;

__attribute__((noinline)) void thrower(int depth) {
  if (depth == 0) throw 42;
  thrower(depth - 1);
  __asm__ volatile("");
}
struct Between {
  ~Between() { __asm__ volatile("" ::: "memory"); }
};
__attribute__((noinline)) void between() {
  Between cleanup;
  thrower(5);
}
__attribute__((noinline)) void afterCatch() {
  errors++;  // at: afterCatch
}
__attribute__((noinline)) void parseAll() {
  for (int i = 0; i < 3; i++) {
    try {
      between();
    } catch (int) {
      __asm__ volatile("");
    }
  }
  afterCatch();  // at: parseAll
  __asm__ volatile("");
}

int main() {
  runUnordered([] { parseAll(); }, [] { errors = 0; });
}
