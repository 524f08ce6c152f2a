// A release joins those of others; a release_store carries on what its thread has acquired.
#include "hindsight/annotate.h"

#include "threads.h"

int data[2];
char merged;
char stored;

int main() {
  hindsight_test::Step step;
  runThreads(
      [&] {
        data[0] = 1;
        hindsight_release(&merged);
        hindsight_release(&stored);
        step.advance();
      },
      [&] {
        step.wait(1);
        data[1] = 1;
        hindsight_release(&merged);
        hindsight_acquire(&stored);
        hindsight_release_store(&stored);
        step.advance();
      },
      [&] {
        step.wait(2);
        hindsight_acquire(&stored);
        USE_VALUE(data[0]);
        hindsight_acquire(&merged);
        USE_VALUE(data[1]);
      });
}
