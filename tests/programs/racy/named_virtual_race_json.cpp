// A virtual call while the object is destroyed, in JSON.
// ENV: HINDSIGHT=log_format=json
// EXPECT: reports=0
// EXPECT: matches "^\{.*\"kind\":\"data_race\".*\"vtable_of\":\"Derived\""
#include "threads.h"

struct Base {
  virtual ~Base() { __asm__ volatile("" ::: "memory"); }
  virtual int kind() { return 1; }
};
struct Derived : Base {
  ~Derived() override { __asm__ volatile("" ::: "memory"); }
  int kind() override { return 2; }
};
Derived* object = new Derived();

int main() {
  runUnordered([] { USE_VALUE(static_cast<Base*>(object)->kind()); }, [] { object->Derived::~Derived(); });
}
