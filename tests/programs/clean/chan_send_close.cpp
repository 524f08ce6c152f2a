// The closer waits until the senders are done: no race, not even with a send that throws later.
#include "channels.h"

int main() {
  chan<int> channel(4);
  chan<int> done(0);
  runThreadsIndexed(3, [=](int i) {
    if (i == 2) {
      done.receive();
      done.receive();
      channel.close();
      try {
        channel.send(9);
      } catch (const closed_channel&) {
      }
    } else {
      channel.send(i);
      hindsight::select(on_send(channel, i), on_default());
      done.send(i);
    }
  });
}
