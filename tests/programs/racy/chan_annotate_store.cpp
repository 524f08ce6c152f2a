// A release_store takes earlier releases of others out of force.
// EXPECT: races=1
#include "hindsight/annotate.h"

#include "threads.h"

int data;
char object;

int main() {
  hindsight_test::Step step;
  runThreads(
      [&] {
        data = 1;
        hindsight_release(&object);
        step.advance();
      },
      [&] {
        step.wait(1);
        hindsight_release_store(&object);
        step.advance();
      },
      [&] {
        step.wait(2);
        hindsight_acquire(&object);
        USE_VALUE(data);
      });
}
