// The key that was stored, found by load and by range.
#include "hindsight/sync_map.h"
#include "threads.h"

hindsight::sync_map<int, int> map;
int data[2];

int main() {
  runUnordered(
      [] {
        data[0] = data[1] = 1;
        map.store(1, 1);
      },
      [] {
        USE_VALUE(*map.load(1));
        USE_VALUE(data[0]);
      });
  runUnordered([] { map.store(2, data[1] = 2); },
               [] {
                 map.range([](int, int) { return true; });
                 USE_VALUE(data[1]);
               });
}
