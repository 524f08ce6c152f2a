// Giving up waiting for a worker orders nothing.
// EXPECT: races=1
#include "channels.h"

int result;

int main() {
  Step step;
  chan<int> done(0);
  Thread worker([&] {
    result = 1;
    step.advance();
    step.wait(2);
  });
  step.wait(1);
  hindsight::select(on_receive(done), on_timeout(milliseconds(1)));
  USE_VALUE(result);
  step.advance();
  worker.join();
}
