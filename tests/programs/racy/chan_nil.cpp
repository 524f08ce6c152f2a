// A nil channel is never ready: a select that disables a case by it gets no order from there.
// EXPECT: races=1
#include "channels.h"

int data;

int main() {
  chan<int> events(1);
  chan<int> ticks(1);
  ticks.send(1);
  runUnordered(
      [&] {
        data = 1;
        events.send(1);
      },
      [&] {
        chan<int> disabled;
        hindsight::select(on_receive(disabled), on_receive(ticks));
        USE_VALUE(data);
      });
}
