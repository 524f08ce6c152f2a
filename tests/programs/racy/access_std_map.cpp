// One thread inserts into a std::map, another looks something up. The rebalancing that writes the
// links of the nodes is in the standard library's shared object, which is not instrumented.
// EXPECT: races>=1
// EXPECT: contains "lookUp"
// EXPECT: contains "insert"
#include <map>

#include "threads.h"

std::map<int, int> table = {{1, 1}, {2, 4}};

__attribute__((noinline)) void lookUp() { USE_VALUE(table.count(7)); }
__attribute__((noinline)) void insert() { table[3] = 9; }

int main() {
  runUnordered([] { insert(); }, [] { lookUp(); });
}
