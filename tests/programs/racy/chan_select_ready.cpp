// A select orders its thread after the case that happened, not after the others, ready or not.
// EXPECT: races=1
#include "channels.h"

int data[2];

int main() {
  Step step;
  chan<int> channels[2] = {chan<int>(1), chan<int>(1)};
  Thread senders([&] {
    runThreadsIndexed(2, [&](int i) {
      data[i] = 1;
      channels[i].send(1);
      step.advance();
    });
  });
  step.wait(2);  // both are ready
  const auto index = hindsight::select(on_receive(channels[0]), on_receive(channels[1]));
  USE_VALUE(data[index]);
  USE_VALUE(data[1 - index]);
  senders.join();
}
