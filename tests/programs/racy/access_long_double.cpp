// long double and complex numbers are wider than a machine word.
// TSan: misses long double, which its pass does not instrument.
// EXPECT: races=2
#include "threads.h"

long double precise;
_Complex double complex_number;

int main() {
  runUnordered([] { precise = 1; }, [] { precise = 2; });
  runUnordered([] { complex_number = 1; }, [] { __imag__ complex_number = 2; });
}
