// Cancelling by closing: the reason has to be written before the close.
// EXPECT: races=2
#include "channels.h"

int reason;

int main() {
  Step step;
  chan<int> cancelled(0);
  Thread first([&] {
    cancelled.receive();
    step.wait(1);
    USE_VALUE(reason);
  });
  Thread second([&] {
    chan<int> work(0);
    hindsight::select(on_receive(work), on_receive(cancelled));
    step.wait(1);
    USE_VALUE(reason);
  });
  awaitReceivers(cancelled, 2);
  cancelled.close();
  reason = 1;
  step.advance();
  first.join();
  second.join();
}
