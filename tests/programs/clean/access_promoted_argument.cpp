// A function reads what a reference is bound to under a condition that does not hold; another thread writes it.
// The optimiser would let the callers read it and hand the value over (-O3).
// TSan: false report (-O3).
#include "threads.h"

constexpr int kStart = 9;
int limit, other_limit;

static int count(int n, const int& most, int depth) {
  if (depth == 0) return n;
  if (n > 100) return most;
  return count(n - 1, most, depth - 1) * count(n - 2, most, depth - 1);
}
__attribute__((noinline)) static int start(int n) {
  return count(n, limit, 6) + count(n, other_limit, 5);
}

int main() {
  runUnordered([] { USE_VALUE(start(kStart)); }, [] { limit = other_limit = 1; });
  runUnordered([] { limit = other_limit = 2; }, [] { USE_VALUE(start(kStart)); });
}
