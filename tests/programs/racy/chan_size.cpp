// size() and capacity() order nothing: seeing that something was sent is not receiving it.
// EXPECT: races=1
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
        USE_VALUE(data);
      });
}
