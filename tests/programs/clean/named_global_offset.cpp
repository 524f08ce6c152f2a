// Neighbouring members of one element of a global array.
#include "threads.h"

struct Row {
  int key;
  short values[6];
};
Row table[10];

int main() {
  runUnordered([] { table[3].values[2] = 1; }, [] { table[3].values[3] = 2; });
}
