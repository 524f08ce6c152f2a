// A deletion, of each kind, -> who finds nothing.
#include "hindsight/sync_map.h"
#include "threads.h"

hindsight::sync_map<int, int> map;
int data[4];

int main() {
  for (int key = 0; key < 4; key++) map.store(key, key);
  runUnordered(
      [] {
        for (int& each : data) each = 1;
        map.erase(0);
        map.load_and_delete(1);
        if (!map.compare_and_delete(2, 2)) abort();
        map.clear();
      },
      [] {
        for (int key = 0; key < 4; key++) {
          if (key == 3) {
            if (map.load_or_store(key, 9).second) abort();
          } else if (map.load(key)) {
            abort();
          }
          USE_VALUE(data[key]);
        }
      });
}
