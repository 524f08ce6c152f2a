// A virtual function called through its base, on both sides; templates and namespaces are spelled
// out.
// EXPECT: races=1
// EXPECT: contains "geometry::Circle::move"
// EXPECT: contains "geometry::Polygon<5>::move"
// EXPECT: contains "moveAll"
#include "threads.h"

namespace geometry {
int origin;

struct Shape {
  virtual ~Shape() {}
  virtual void move() = 0;
};
struct Circle : Shape {
  void move() override { origin++; }
};
template <int kCorners>
struct Polygon : Shape {
  void move() override { origin += kCorners; }
};
}  // namespace geometry

__attribute__((noinline)) void moveAll(geometry::Shape* shape) {
  shape->move();
  __asm__ volatile("");
}

int main() {
  geometry::Circle circle;
  geometry::Polygon<5> polygon;
  runUnordered([&] { moveAll(&circle); }, [&] { moveAll(&polygon); });
}
