// Rule 4, one send too early: with room for 2, the first receive is ordered before the third send
// completes, not before the second.
// EXPECT: races=1
#include "channels.h"

int data;

int main() {
  Step step;
  chan<int> channel(2);
  runThreads(
      [&] {
        data = 1;
        channel.receive();
        step.advance();
      },
      [&] {
        channel.send(1);
        step.wait(1);
        channel.send(2);
        USE_VALUE(data);
      });
}
