// Rule 3: on an unbuffered channel a receive happens before the matching send completes, whoever
// waits for whom.
#include "channels.h"

int data[2];

int main() {
  chan<int> channel(0);
  runThreads(
      [&] {
        data[0] = 1;
        channel.receive();
        awaitSenders(channel);
        data[1] = 1;
        channel.receive();
      },
      [&] {
        awaitReceivers(channel);
        channel.send(1);
        USE_VALUE(data[0]);
        channel.send(1);
        USE_VALUE(data[1]);
      });
}
