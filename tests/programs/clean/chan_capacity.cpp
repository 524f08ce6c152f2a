// Rule 4: with capacity C the k-th receive happens before the (k+C)-th send completes, whether that
// send had to wait or not.
#include "channels.h"

int data[2];

int main() {
  Step step;
  chan<int> channel(2);
  runThreads(
      [&] {
        data[0] = 1;
        channel.receive();
        step.advance();
        awaitSenders(channel);
        data[1] = 1;
        channel.receive();
      },
      [&] {
        channel.send(1);
        channel.send(2);
        step.wait(1);
        channel.send(3);  // finds room
        USE_VALUE(data[0]);
        channel.send(4);  // waits for the second receive
        USE_VALUE(data[1]);
      });
}
