// A store does not observe what it overwrites: neither it nor who loads its value is ordered after
// the first store. A compare_and_swap that fails is ordered after what it found, and no more.
// EXPECT: races=3
#include "hindsight/sync_map.h"
#include "threads.h"

hindsight::sync_map<int, int> map;
int first, second, third;

int main() {
  hindsight_test::Step step;
  runThreads(
      [&] {
        first = second = third = 1;
        map.store(1, 10);
        step.advance();
      },
      [&] {
        step.wait(1);
        map.store(1, 20);
        USE_VALUE(first);
        step.advance();
      },
      [&] {
        step.wait(2);
        USE_VALUE(*map.load(1));
        USE_VALUE(second);
        if (map.compare_and_swap(1, 10, 30)) abort();
        USE_VALUE(third);
      });
}
