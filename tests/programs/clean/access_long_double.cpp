// The two parts of a complex number are two locations; so are two long doubles.
#include "threads.h"

long double precise[2];
_Complex double complex_number;

int main() {
  runUnordered([] { precise[0] = 1; }, [] { precise[1] = 2; });
  runUnordered([] { __real__ complex_number = 1; }, [] { __imag__ complex_number = 2; });
  runOrdered([] { complex_number = 1; }, [] { __imag__ complex_number = 2; });
}
