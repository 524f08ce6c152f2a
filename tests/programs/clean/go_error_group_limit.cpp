// With a limit of one, the end of each function happens before the start of the next.
#include "hindsight/error_group.h"
#include "threads.h"

int total;

int main() {
  hindsight::error_group group;
  group.set_limit(1);
  for (int i = 0; i < 60; i++) group.go([] { total++; });
  while (!group.try_go([] { total++; })) sched_yield();
  group.wait();
  if (total != 61) abort();
}
