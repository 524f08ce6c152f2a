// Three producers, one consumer: the producers are not ordered among each other and must not share
// a counter.
// EXPECT: races>=1
#include "channels.h"

int produced;

int main() {
  chan<int> channel(8);
  Step step;
  runThreads(
      [&] {
        runThreadsIndexed(3, [&](int i) {
          step.wait(i);
          ++produced;
          channel.send(i);
          step.advance();
        });
      },
      [&] {
        for (int i = 0; i < 3; ++i) channel.receive();
      });
}
