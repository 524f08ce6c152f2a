// Keys do not order each other, and finding nothing where nothing ever was orders nothing.
// EXPECT: races=2
#include "hindsight/sync_map.h"
#include "threads.h"

hindsight::sync_map<int, int> map;
int data[2];

int main() {
  map.store(2, 0);
  runUnordered(
      [] {
        data[0] = data[1] = 1;
        map.store(1, 1);
      },
      [] {
        USE_VALUE(*map.load(2));
        USE_VALUE(data[0]);
        if (map.load(3)) abort();
        USE_VALUE(data[1]);
      });
}
