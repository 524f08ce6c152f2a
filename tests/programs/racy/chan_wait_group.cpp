// A channel as wait group, one receive short: one of the workers is not waited for.
// EXPECT: races>=1
#include "channels.h"

int results[4];

int main() {
  Step step;
  chan<int> done(4);
  Thread workers([&] {
    runThreadsIndexed(4, [&](int i) {
      results[i] = 1;
      done.send(i);
      step.advance();
    });
  });
  step.wait(4);
  for (int i = 0; i < 3; ++i) done.receive();
  for (int& result : results) USE_VALUE(result);
  workers.join();
}
