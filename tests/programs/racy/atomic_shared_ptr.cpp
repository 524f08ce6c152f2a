// The count behind a std::shared_ptr is safe; the shared_ptr object itself is not, nor is what it
// points to.
// EXPECT: races>=2
// EXPECT: contains "bumpValue"
// libc++ 19 has no std::atomic<std::shared_ptr>:
// REQUIRES: libstdc++
#include <memory>

#include "threads.h"

std::shared_ptr<int> global;

__attribute__((noinline)) void bumpValue(int* value) { ++*value; }

int main() {
  global = std::make_shared<int>(1);
  runUnordered([] { global = std::make_shared<int>(2); }, [] { USE_VALUE(global.get()); });
  auto shared = std::make_shared<int>(3);
  int* value = shared.get();  // copies of `shared` in the threads would order them by their count
  runUnordered([=] { bumpValue(value); }, [=] { bumpValue(value); });
}
