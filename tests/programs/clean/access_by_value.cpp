// A struct passed by value, or through a variadic function, is a copy: writing the copy is private.
#include <stdarg.h>

#include "threads.h"

struct Point {
  long x, y, z;
};
Point shared_point = {1, 2, 3};

__attribute__((noinline)) long shifted(Point point) {
  point.x++;
  point.z++;
  return point.x + point.y + point.z;
}
__attribute__((noinline)) long shiftedAll(int count, ...) {
  va_list arguments;
  va_start(arguments, count);
  long total = 0;
  for (int i = 0; i < count; i++) {
    Point point = va_arg(arguments, Point);
    point.y += i;
    total += point.y;
  }
  va_end(arguments);
  return total;
}

int main() {
  runThreadsIndexed(3, [](int) {
    for (int n = 0; n < 500; n++) {
      USE_VALUE(shifted(shared_point));
      USE_VALUE(shiftedAll(2, shared_point, shared_point));
    }
  });
}
