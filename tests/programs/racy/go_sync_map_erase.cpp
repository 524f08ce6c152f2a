// Finding nothing is ordered after the deletion of that key, not of another.
// EXPECT: races=1
#include "hindsight/sync_map.h"
#include "threads.h"

hindsight::sync_map<int, int> map;
int data;

int main() {
  map.store(1, 1);
  map.store(2, 2);
  map.erase(2);
  runUnordered(
      [] {
        data = 1;
        map.erase(1);
      },
      [] {
        if (map.load(2)) abort();  // should look at 1
        USE_VALUE(data);
      });
}
