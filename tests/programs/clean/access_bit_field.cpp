// Bit-fields separated by a zero-width one, or by a plain member, are different memory locations.
#include "threads.h"

struct {
  unsigned char state : 3;
  unsigned char : 0;
  unsigned char retries : 5;
} separated;

struct {
  unsigned char first : 4;
  unsigned char between;
  unsigned char last : 4;
} split;

int main() {
  runUnordered([] { separated.state = 2; }, [] { separated.retries = 9; });
  runUnordered([] { split.first = 2; }, [] { split.last = 9; });
  runUnordered([] { split.first = 2; }, [] { split.between = 9; });
}
