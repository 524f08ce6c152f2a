// The report names the element and the member of a global, through arrays, structs, bases and unions, and
// where it is declared.
// EXPECT: races=13
// EXPECT: contains "Global 'space::table' of size 960"
// EXPECT: contains ", variable 'space::table[3].entries[1].count' ("
// EXPECT: contains ", variable 'space::table[4].base' ("
// EXPECT: contains ", variable 'space::table[4].entries[0].tag[3]' ("
// EXPECT: contains ", variable 'space::table[4].entries[2].value.{whole, real}' ("
// EXPECT: contains ", variable 'space::table[4].entries[2].{number, fraction}' ("
// EXPECT: contains ", variable 'space::table[5].entries[0].{low, high}' ("
// EXPECT: contains ", variable 'space::table[6].entries[0..1]' ("
// EXPECT: contains ", variable 'space::grid[2][1]' ("
// EXPECT: contains ", variable 'Base::total' ("
// EXPECT: contains ", variable 'pair.second' ("
// EXPECT: contains ", variable 'calls[1]' ("
// EXPECT: contains ", variable 'whole_object' ("
// EXPECT: contains ", variable 'halves.right' ("
// EXPECT: matches "variable 'space::grid\[2\]\[1\]' \(.*named_field_path.cpp:46\)"
#include <string.h>

#include "threads.h"

struct Entry {
  int count;
  char tag[4];
  unsigned low : 3, high : 5;
  union {
    int whole;
    float real;
  } value;
  union {
    long number;
    double fraction;
  };
};
struct Base {
  int base;
  static int total;
};
int Base::total;
struct Derived : Base {
  Entry entries[3];
};
namespace space {
Derived table[12];
int grid[3][4];
}  // namespace space
static struct {
  int first, second;
} pair;
int whole_object;
// The optimiser makes two variables of it.
static struct {
  int left, right;
} halves;

template <class Body>
void twice(Body body) {
  runUnordered(body, body);
}

int main() {
  using space::table;
  static int calls[3];
  twice([] { table[3].entries[1].count = 1; });
  twice([] { table[4].base = 1; });
  twice([] { table[4].entries[0].tag[3] = 1; });
  twice([] { table[4].entries[2].value.whole = 1; });
  twice([] { table[4].entries[2].number = 1; });
  twice([] { *reinterpret_cast<volatile char*>(&table[5].entries[0].value - 1) = 1; });
  twice([] { memset(table[6].entries, 1, 2 * sizeof(Entry)); });
  twice([] { space::grid[2][1] = 1; });
  twice([] { Base::total = 1; });
  twice([] { pair.second = 1; });
  twice([] { calls[1] = 1; });
  twice([] { whole_object = 1; });
  twice([] { halves.right++; });
  USE_VALUE(&pair);
  USE_VALUE(calls);
  USE_VALUE(halves.left + halves.right);
}
