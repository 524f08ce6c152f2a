// Rule 3 is for unbuffered channels only: with a buffer, a receive is not ordered before its send
// completes.
// EXPECT: races=1
#include "channels.h"

int data;

int main() {
  Step step;
  chan<int> channel(1);
  runThreads(
      [&] {
        data = 1;
        channel.receive();
        step.advance();
      },
      [&] {
        channel.send(1);
        step.wait(1);
        USE_VALUE(data);
      });
}
