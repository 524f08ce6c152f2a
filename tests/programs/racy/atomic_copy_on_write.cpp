// A table is published through an atomic pointer, and mutated afterwards.
// EXPECT: races>=1
// EXPECT: contains "lookUp"
// EXPECT: contains "assign"
#include <atomic>
#include <map>

#include "threads.h"

using Table = std::map<int, int>;
std::atomic<Table*> published;

__attribute__((noinline)) void lookUp() {
  Table* table = published.load(std::memory_order_acquire);
  USE_VALUE(table->at(2));
}
__attribute__((noinline)) void assign() { (*published.load(std::memory_order_acquire))[2] = 9; }

int main() {
  published.store(new Table{{1, 1}, {2, 4}}, std::memory_order_release);
  runUnordered([] { assign(); }, [] { lookUp(); });
}
