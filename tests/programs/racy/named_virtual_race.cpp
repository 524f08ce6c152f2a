// A virtual call in one thread while another one constructs, destroys or deletes the object: no line of the
// source accesses the pointer to the virtual table, so the report says what it is.
// EXPECT: races>=3
// EXPECT: contains "Virtual table pointer of Derived: a virtual call races with construction or destruction."
// EXPECT: contains "Virtual table pointer of Plain: a virtual call, construction or destruction races with the deallocation."
// EXPECT: not-contains "Virtual table pointer of int"
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
struct Plain {
  Plain() { __asm__ volatile("" ::: "memory"); }
  virtual int kind() { return 3; }
};

Derived destroyed;
Base* constructed = static_cast<Base*>(operator new(sizeof(Derived)));
Plain* deleted = new Plain();

template <class Object>
__attribute__((noinline)) void call(Object* object) {
  __asm__ volatile("" : "+r"(object));
  USE_VALUE(object->kind());
}

int main() {
  runUnordered([] { call<Base>(&destroyed); }, [] { destroyed.~Derived(); });
  runUnordered([] { new (constructed) Derived(); }, [] { call(constructed); });
  runUnordered([] { call(deleted); }, [] { operator delete(deleted); });
  new (&destroyed) Derived();
  constructed->~Base();
  operator delete(constructed);
}
