// A channel's own lock orders nothing: two senders, and two receivers, one after the other in time,
// are not ordered.
// EXPECT: races=2
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
        channel.send(2);
        USE_VALUE(by_senders);
      });
  runUnordered(
      [&] {
        by_receivers = 1;
        channel.receive();
      },
      [&] {
        channel.receive();
        USE_VALUE(by_receivers);
      });
}
