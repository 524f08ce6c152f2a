// Objects of the same kinds whose construction, calls and destruction are in order.
#include <new>

#include "threads.h"

struct Base {
  virtual ~Base() = default;
  virtual int kind() { return 1; }
};
struct Derived : Base {
  ~Derived() override { __asm__ volatile("" ::: "memory"); }
  int kind() override { return 2; }
};

Base* constructed;

int main() {
  runThreads([] { constructed = new Derived(); });
  runThreads([] { USE_VALUE(constructed->kind()); }, [] { USE_VALUE(constructed->kind()); });
  runThreads([] { delete constructed; });
}
