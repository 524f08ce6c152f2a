// delete[] runs destructors, then frees: both race with a use in another thread.
// EXPECT: races>=1
// EXPECT: contains "useLast"
#include "threads.h"

struct Item {
  int value = 1;
  ~Item() { value = 0; }
};
Item* items;

__attribute__((noinline)) void useLast() { USE_VALUE(items[9].value); }

int main() {
  items = new Item[10];
  runUnordered([] { useLast(); }, [] { delete[] items; });
}
