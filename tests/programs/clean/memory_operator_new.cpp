// A program's own operator new, global and of a class, on top of malloc and of static memory.
#include <cstdlib>
#include <new>

#include "threads.h"

void* operator new(std::size_t bytes) {
  if (void* block = std::malloc(bytes)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }

struct Pooled {
  long value = 0;
  static void* operator new(std::size_t) { return room; }
  static void operator delete(void* object) { static_cast<Pooled*>(object)->value = -1; }
  alignas(16) static inline unsigned char room[16];
};

int main() {
  long* plain = new long(1);
  Pooled* pooled = new Pooled;
  const auto use = [=] {
    *plain = 2;
    pooled->value = 2;
  };
  const auto drop = [=] {
    delete plain;
    delete pooled;
  };
  runOrdered(use, drop);
}
