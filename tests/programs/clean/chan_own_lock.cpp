// One element each way orders the two threads.
#include "channels.h"

int by_senders;
int by_receivers;

int main() {
  chan<int> channel(2);
  runUnordered(
      [&] {
        by_senders = 1;
        channel.send(1);
      },
      [&] {
        channel.receive();
        USE_VALUE(by_senders);
        by_receivers = 1;
        channel.send(2);
      });
  channel.receive();
  USE_VALUE(by_receivers);
}
