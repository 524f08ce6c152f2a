// Elements without content, as signals: the second signal is not the first.
// EXPECT: races=1
#include "channels.h"

struct Signal {};

int data;

int main() {
  Step step;
  chan<Signal> signals(2);
  runThreads(
      [&] {
        signals.send({});
        data = 1;
        signals.send({});
        step.advance();
      },
      [&] {
        step.wait(1);
        signals.receive();
        USE_VALUE(data);
      });
}
