// The report names the local variable that an address on a stack belongs to, of whichever frame and thread: the
// current one, one that waits in a call of the C library, in a callback, deep in a recursion, or that computes.
// EXPECT: races=7
// EXPECT: contains "Location is stack of main thread, variable 'counts[1]' of main() ("
// EXPECT: contains "Location is stack of main thread, variable 'pair.second' of main() ("
// EXPECT: matches "Location is stack of thread [0-9]+, variable 'awaited\[2\]' of joins\(.*\) \("
// EXPECT: matches "Location is stack of thread [0-9]+, variable 'spun\[3\]' of spins\(.*\) \("
// EXPECT: matches "Location is stack of thread [0-9]+, variable 'sorted\[0\]' of callsBack\(.*\) \("
// EXPECT: matches "Location is stack of thread [0-9]+, variable 'level\[1\]' of recurse\(.*\) \("
// EXPECT: matches "Location is stack of thread [0-9]+, variable 'own\[0\]' of accessesItself\(.*\) \("
// EXPECT: matches "variable 'counts\[1\]' of main\(\) \(.*named_local.cpp:[0-9]+\)"
#include "threads.h"

using hindsight_test::Step;

struct Pair {
  int first, second;
};

__attribute__((noinline)) void fill(int* values, int count) {
  for (int i = 0; i < count; i++) values[i] = i;
}

/// One thread shares a local of its, the other one writes to it while the function goes on.
struct Meeting {
  Step step;
  int* place;

  __attribute__((noinline)) void share(int* local) {
    *local = 1;
    store(local);
    step.advance();
  }
  void writeOnce() {
    step.wait(1);
    *load() = 2;
    step.advance();
  }
  // The pointer itself is no part of the race.
  HINDSIGHT_TEST_UNINSTRUMENTED void store(int* local) { place = local; }
  HINDSIGHT_TEST_UNINSTRUMENTED int* load() { return place; }
};

void joins(Meeting& meeting) {
  int awaited[4];
  fill(awaited, 4);
  meeting.share(&awaited[2]);
  Thread later([&meeting] { meeting.step.wait(2); });
  later.join();
  USE_VALUE(awaited);
}

__attribute__((noinline)) void spins(Meeting& meeting) {
  int spun[4];
  fill(spun, 4);
  meeting.share(&spun[3]);
  meeting.step.wait(2);
  USE_VALUE(spun);
}

Meeting* in_comparison;
int compare(const void*, const void*) {
  in_comparison->step.wait(2);
  return 0;
}
void callsBack(Meeting& meeting) {
  int sorted[2];
  fill(sorted, 2);
  in_comparison = &meeting;
  meeting.share(&sorted[0]);
  int keys[2] = {1, 2};
  qsort(keys, 2, sizeof keys[0], compare);
  USE_VALUE(sorted);
}

__attribute__((noinline)) void recurse(Meeting& meeting, int depth) {
  int level[2];
  fill(level, 2);
  if (depth == 5) meeting.share(&level[1]);
  if (depth == 0)
    meeting.step.wait(2);
  else
    recurse(meeting, depth - 1);
  USE_VALUE(level);
}

/// The second access is the owner's.
void accessesItself(Meeting& meeting) {
  int own[4];
  fill(own + 1, 3);
  meeting.store(&own[0]);
  meeting.step.advance();
  meeting.step.wait(2);
  own[0] = 3;
  USE_VALUE(own);
}

/// `body` in one thread, and the write in another.
template <class Body>
void meet(Body body) {
  Meeting meeting{};
  Thread owner([&meeting, body] { body(meeting); });
  Thread writer([&meeting] { meeting.writeOnce(); });
  writer.join();
  owner.join();
}

int main() {
  int counts[3];
  fill(counts, 3);
  int* const count = &counts[1];
  runUnordered([count] { ++*count; }, [count] { *count = 5; });
  Pair pair;
  fill(&pair.first, 2);
  int* const second = &pair.second;
  runUnordered([second] { *second = 1; }, [second] { *second = 2; });
  USE_VALUE(counts);
  USE_VALUE(&pair);

  meet([](Meeting& meeting) { joins(meeting); });
  meet([](Meeting& meeting) { spins(meeting); });
  meet([](Meeting& meeting) { callsBack(meeting); });
  meet([](Meeting& meeting) { recurse(meeting, 20); });
  meet([](Meeting& meeting) { accessesItself(meeting); });
}
