// A pool does not order strangers: neither two that put, nor who puts and who gets another object,
// nor who gets and who puts later.
// EXPECT: races=3
#include "hindsight/pool.h"
#include "threads.h"

hindsight::pool<int> objects;
int by_putters, by_another, by_getter;

int main() {
  runUnordered(
      [] {
        by_putters = by_another = 1;
        objects.put(std::make_unique<int>(1));
      },
      [] {
        objects.put(std::make_unique<int>(2));
        USE_VALUE(by_putters);
        if (*objects.get() != 2) abort();  // its own
        USE_VALUE(by_another);
      });
  runUnordered(
      [] {
        by_getter = 1;
        objects.get();
      },
      [] {
        objects.put(std::make_unique<int>(3));
        USE_VALUE(by_getter);
      });
}
