// The thread polls until it has received.
#include "channels.h"

int selected;
int tried;

int main() {
  chan<int> channel(0);
  runThreads(
      [&] {
        selected = 1;
        channel.send(1);
        tried = 1;
        channel.send(1);
      },
      [&] {
        while (hindsight::select(on_receive(channel), on_default()) == 1) sched_yield();
        USE_VALUE(selected);
        int value;
        while (channel.try_receive(value) != hindsight::chan_status::done) sched_yield();
        USE_VALUE(tried);
      });
}
