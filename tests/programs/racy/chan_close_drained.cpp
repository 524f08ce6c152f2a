// A receive that still gets an element from a closed channel is not ordered after the close, only
// after that element's send.
// EXPECT: races=1
#include "channels.h"

int data;

int main() {
  Step step;
  chan<int> channel(1);
  channel.send(1);
  runThreads(
      [&] {
        data = 1;
        channel.close();
        step.advance();
      },
      [&] {
        step.wait(1);
        channel.receive();
        USE_VALUE(data);
      });
}
