// Elements and members of a global, one thread after the other.
#include "threads.h"

struct Entry {
  int count;
  char tag[4];
};
struct Row {
  Entry entries[3];
};
Row table[12];

int main() {
  runOrdered([] { table[3].entries[1].count = 1; }, [] { table[3].entries[1].count = 2; });
  runUnordered([] { table[4].entries[1].tag[0] = 1; }, [] { table[4].entries[1].tag[1] = 2; });
}
