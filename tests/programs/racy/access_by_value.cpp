// Passing a struct by value, and through a variadic function, reads the original.
// TSan: missed at -O2: the copy of a by-value argument is not an instruction of its own.
// EXPECT: races=2
#include <stdarg.h>

#include "threads.h"

struct Point {
  long x, y, z;
};
Point by_value;
Point variadic;

__attribute__((noinline)) long norm(Point point) { return point.x + point.y + point.z; }
__attribute__((noinline)) long normOf(int count, ...) {
  va_list arguments;
  va_start(arguments, count);
  long total = 0;
  for (int i = 0; i < count; i++) total += va_arg(arguments, Point).z;
  va_end(arguments);
  return total;
}

int main() {
  runUnordered([] { by_value.z = 1; }, [] { USE_VALUE(norm(by_value)); });
  runUnordered([] { USE_VALUE(normOf(1, variadic)); }, [] { variadic.z = 1; });
}
