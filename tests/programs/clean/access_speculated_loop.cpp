// Each thread touches only its own member, but the optimiser loads all three before the loop, to
// keep them in registers. What the source never reads must not be reported.
// TSan: false report at -O2 and -O3.
#include "threads.h"

struct {
  bool ready;
  char letter;
  short number;
} mixed;

int main() {
  runThreadsIndexed(3, [](int i) {
    for (int n = 0; n < 3000; n++) {
      if (i == 0) mixed.ready = !mixed.ready;
      if (i == 1) mixed.letter = static_cast<char>(mixed.letter ^ 1);
      if (i == 2) mixed.number = static_cast<short>(mixed.number ^ 1);
    }
  });
}
