// size() tells that there is something; receiving it gives the order.
#include "channels.h"

int data;

int main() {
  chan<int> channel(1);
  runThreads(
      [&] {
        data = 1;
        channel.send(1);
      },
      [&] {
        while (channel.size() != channel.capacity()) sched_yield();
        channel.receive();
        USE_VALUE(data);
      });
}
