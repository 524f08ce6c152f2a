// The annotations, one of them missing: a queue made of means that no detector sees.
// EXPECT: races=1
#include "hindsight/annotate.h"

#include "threads.h"

int data;

int main() {
  hindsight_test::Step step;
  runThreads(
      [&] {
        data = 1;
        hindsight::annotate::happens_before(&step);
        step.advance();
      },
      [&] {
        step.wait(1);
        USE_VALUE(data);
      });
}
