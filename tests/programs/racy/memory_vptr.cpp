// The destructor of the derived class sets the vtable pointer back to the base's while another
// thread makes a virtual call; the constructor does the same the other way round.
// EXPECT: races>=2
// EXPECT: contains "callDuringDestruction"
// EXPECT: contains "callDuringConstruction"
#include <new>

#include "threads.h"

struct Base {
  Base() { __asm__ volatile("" ::: "memory"); }
  virtual ~Base() { __asm__ volatile("" ::: "memory"); }
  virtual int kind() { return 1; }
};
struct Derived : Base {
  Derived() { __asm__ volatile("" ::: "memory"); }
  ~Derived() override { __asm__ volatile("" ::: "memory"); }
  int kind() override { return 2; }
};

Derived destroyed;
alignas(Derived) char constructed[sizeof(Derived)];

__attribute__((noinline)) void callDuringDestruction() {
  Base* base = &destroyed;
  __asm__ volatile("" : "+r"(base));
  USE_VALUE(base->kind());
}
__attribute__((noinline)) void callDuringConstruction() {
  Base* base = reinterpret_cast<Base*>(constructed);
  __asm__ volatile("" : "+r"(base));
  USE_VALUE(base->kind());
}

int main() {
  runUnordered([] { callDuringDestruction(); }, [] { destroyed.~Derived(); });
  runUnordered([] { new (constructed) Derived(); }, [] { callDuringConstruction(); });
  new (&destroyed) Derived();
}
