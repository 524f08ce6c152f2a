// The initialiser of a function's static variable is ordered before every use; later writes are
// not.
// EXPECT: races=1
#include "threads.h"

int seed = 3;

int& instance() {
  static int value = seed * 2;
  return value;
}

int main() {
  runUnordered([] { instance() = 1; }, [] { instance() = 2; });
}
