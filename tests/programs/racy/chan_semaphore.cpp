// Waiting for all holders of a channel used as semaphore, one permit short: a worker may still be
// inside, and is not ordered.
// EXPECT: races>=1
#include "channels.h"

int results[3];

int main() {
  Step step;
  chan<int> permits(3);
  for (int i = 0; i < 3; ++i) permits.send(i);
  Thread last([&] {
    step.wait(2);
    results[2] = 1;
    permits.receive();
    step.advance();
  });
  runThreadsIndexed(2, [&](int i) {
    step.wait(i);
    results[i] = 1;
    permits.receive();
    step.advance();
  });
  step.wait(3);
  for (int i = 0; i < 2; ++i) permits.send(i);
  for (int& result : results) USE_VALUE(result);
  last.join();
}
