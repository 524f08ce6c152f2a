// Arrays made by one thread, used by a second, deleted by a third, in order.
#include "threads.h"

struct Item {
  int value = 1;
  ~Item() { value = 0; }
};
Item* items;

int main() {
  for (int n = 0; n < 50; n++) {
    runThreads([n] { items = new Item[10 + n]; });
    runOrdered([] { items[9].value++; }, [] { delete[] items; });
  }
}
