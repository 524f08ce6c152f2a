// String literals, constant tables, vtables and type information are read by everyone.
#include <typeinfo>

#include "threads.h"

struct Shape {
  virtual ~Shape() {}
  virtual int corners() const = 0;
};
struct Triangle : Shape {
  int corners() const override { return 3; }
};
struct Square : Shape {
  int corners() const override { return 4; }
};

const int kTable[] = {3, 1, 4, 1, 5, 9, 2, 6};
const char* const kNames[] = {"alpha", "beta", "gamma"};

int main() {
  static Triangle triangle;
  static Square square;
  runThreadsIndexed(4, [](int i) {
    for (int n = 0; n < 300; n++) {
      const Shape* shape = n % 2 ? static_cast<const Shape*>(&triangle) : &square;
      USE_VALUE(shape->corners());
      USE_VALUE(typeid(*shape) == typeid(Triangle));
      USE_VALUE(dynamic_cast<const Square*>(shape));
      USE_VALUE(kTable[(i + n) % 8]);
      USE_VALUE(kNames[n % 3][n % 4]);
    }
  });
}
