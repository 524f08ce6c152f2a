// A swap observes what it overwrites, as does a compare_and_swap; and what they observed comes with
// what they write.
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
        map.swap(1, 20);
        USE_VALUE(first);
        step.advance();
      },
      [&] {
        step.wait(2);
        USE_VALUE(*map.load(1));
        USE_VALUE(second);
        if (map.compare_and_swap(1, 10, 30)) abort();
        if (!map.compare_and_swap(1, 20, 30)) abort();
        USE_VALUE(third);
      });
}
