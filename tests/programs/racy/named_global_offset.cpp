// A race on a member of an element of a global array: the report names the global and how far into it.
// EXPECT: races=1
// EXPECT: contains "Global 'table' of size 160"
// EXPECT: contains "; 56 bytes into 'table'."
#include "threads.h"

struct Row {
  int key;
  short values[6];
};
Row table[10];

int main() {
  runUnordered([] { table[3].values[2] = 1; }, [] { table[3].values[2] = 2; });
}
