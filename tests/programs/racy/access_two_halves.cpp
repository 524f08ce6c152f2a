// One access that races with several: a write of 8 bytes with the writers of its halves, and a write
// with readers in different places, each of which is named.
// TSan: names one of them each time.
// EXPECT: races=5
// EXPECT: contains "lowHalf"
// EXPECT: contains "highHalf"
// EXPECT: contains "readsHere"
// EXPECT: contains "readsThere"
// EXPECT: contains "readsElsewhere"
#include "threads.h"

union Both {
  long whole;
  int halves[2];
} both;
int shared;

__attribute__((noinline)) void lowHalf() { both.halves[0] = 1; }
__attribute__((noinline)) void highHalf() { both.halves[1] = 1; }
__attribute__((noinline)) void readsHere() { USE_VALUE(shared); }
__attribute__((noinline)) void readsThere() { USE_VALUE(shared); }
__attribute__((noinline)) void readsElsewhere() { USE_VALUE(shared); }

int main() {
  hindsight_test::Step step;
  runThreads(
      [&] {
        lowHalf();
        readsHere();
        step.advance();
      },
      [&] {
        highHalf();
        readsThere();
        step.advance();
      },
      [&] {
        readsElsewhere();
        step.advance();
      },
      [&] {
        step.wait(3);
        both.whole = 2;
        shared = 1;
      });
}
