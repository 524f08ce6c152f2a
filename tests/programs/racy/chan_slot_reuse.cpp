// Receives from the same slot are not ordered: the first receive is ordered before the second send
// *completes*, and the second send before the second receive, which is not the same thing.
// EXPECT: races=1
#include "channels.h"

int data;

int main() {
  Step step;
  chan<int> channel(1);
  Thread sender([&] {
    channel.send(1);
    channel.send(2);
  });
  runThreads(
      [&] {
        awaitSenders(channel);
        data = 1;
        channel.receive();
        step.advance();
      },
      [&] {
        step.wait(1);
        channel.receive();
        USE_VALUE(data);
      });
  sender.join();
}
