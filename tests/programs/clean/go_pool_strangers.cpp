// Who gets the object is ordered after who put it, with all that came before.
#include "hindsight/pool.h"
#include "threads.h"

hindsight::pool<int> objects;
int by_putters, by_another;

int main() {
  runUnordered(
      [] {
        by_putters = by_another = 1;
        objects.put(std::make_unique<int>(1));
      },
      [] {
        if (*objects.get() != 1) abort();
        USE_VALUE(by_putters);
        objects.put(std::make_unique<int>(2));
        objects.get();
        USE_VALUE(by_another);
      });
}
