// The receive after the last element finds the channel closed, and is ordered after the close.
#include "channels.h"

int data;

int main() {
  Step step;
  chan<int> channel(1);
  channel.send(1);
  runThreads(
      [&] {
        data = 1;
        channel.close();
        step.advance();
      },
      [&] {
        step.wait(1);
        for (int value : channel) USE_VALUE(value);
        USE_VALUE(data);
      });
}
