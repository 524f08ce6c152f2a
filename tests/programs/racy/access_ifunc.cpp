// What an ifunc's resolver calls before the program begins is checked where the program calls it, too.
// EXPECT: races=1
#include "threads.h"

struct Choice {
  int level = 0;
  void raise(int by) { level += by; }
};
int answers[4];

/// Also called when the program runs; recursive.
__attribute__((noinline)) int measure(int depth) {
  answers[depth] = depth;
  return depth == 0 ? 1 : measure(depth - 1) + 1;
}
template <class Body>
inline int apply(Body body) {
  return body(3);
}

extern "C" {
int slow(int value) { return value + 1; }
int fast(int value) { return value + 2; }
int (*choose())(int) {
  Choice choice;
  choice.raise(apply([](int depth) { return measure(depth); }));
  return choice.level == 4 ? fast : slow;
}
int chosen(int value) __attribute__((ifunc("choose")));
}

int main() {
  if (chosen(1) != 3) return 1;
  runUnordered([] { measure(0); }, [] { measure(0); });
}
