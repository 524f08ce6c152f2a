// Rule 1, the edge missing: what a sender does after its send is not ordered before the receive.
// EXPECT: races=2
#include "channels.h"

int after_buffered;
int after_unbuffered;

int main() {
  Step step;
  chan<int> buffered(1);
  runThreads(
      [&] {
        buffered.send(1);
        after_buffered = 1;
        step.advance();
      },
      [&] {
        buffered.receive();
        step.wait(1);
        USE_VALUE(after_buffered);
      });
  chan<int> unbuffered(0);
  runThreads(
      [&] {
        unbuffered.send(1);
        after_unbuffered = 1;
        step.advance();
      },
      [&] {
        unbuffered.receive();
        step.wait(2);
        USE_VALUE(after_unbuffered);
      });
}
