// Objects are constructed, called and destroyed by different threads, in order; after construction
// any number of threads may call at once.
#include "threads.h"

struct Base {
  Base() { __asm__ volatile("" ::: "memory"); }
  virtual ~Base() { __asm__ volatile("" ::: "memory"); }
  virtual int kind() { return 1; }
};
struct Derived : Base {
  ~Derived() override { __asm__ volatile("" ::: "memory"); }
  int kind() override { return 2; }
};
Base* object;

int main() {
  for (int n = 0; n < 30; n++) {
    runThreads([] { object = new Derived(); });
    runThreadsIndexed(3, [](int) { USE_VALUE(object->kind()); });
    runThreads([] { delete object; });
  }
}
