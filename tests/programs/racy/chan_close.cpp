// Rule 2, the edge missing: what follows the close is not ordered before a receive that finds the
// channel closed.
// EXPECT: races=1
#include "channels.h"

int data;

int main() {
  Step step;
  chan<int> channel(1);
  runThreads(
      [&] {
        channel.close();
        data = 1;
        step.advance();
      },
      [&] {
        channel.receive();
        step.wait(1);
        USE_VALUE(data);
      });
}
