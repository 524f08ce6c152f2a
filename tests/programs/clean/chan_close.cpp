// Rule 2: a close happens before every receive that returns because the channel is closed, whether
// it waited for that or came later, alone or in a select.
#include "channels.h"

int data;

int main() {
  chan<int> channel(1);
  const auto reader = [&] {
    channel.receive();
    USE_VALUE(data);
  };
  Thread early(reader);
  Thread selecting([&] {
    chan<int> other(0);
    hindsight::select(on_receive(other), on_receive(channel));
    USE_VALUE(data);
  });
  awaitReceivers(channel, 2);
  Step step;
  runThreads(
      [&] {
        data = 1;
        channel.close();
        step.advance();
      },
      [&] {
        step.wait(1);
        reader();
      });
  early.join();
  selecting.join();
}
