// One round further the order is there: receive 1, send 2 completes, send 3, receive 3.
#include "channels.h"

int data;

int main() {
  Step step;
  chan<int> channel(1);
  Thread sender([&] {
    channel.send(1);
    channel.send(2);
    channel.send(3);
  });
  runThreads(
      [&] {
        data = 1;
        channel.receive();
        step.advance();
      },
      [&] {
        step.wait(1);
        channel.receive();
        channel.receive();
        USE_VALUE(data);
      });
  sender.join();
}
