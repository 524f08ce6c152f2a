// Rule 1: a send happens before the matching receive completes. Buffered and unbuffered, with the
// sender first and with the receiver waiting already.
#include "channels.h"

int data[4];

int main() {
  chan<int> buffered(1);
  chan<int> unbuffered(0);
  runThreads(
      [&] {
        data[0] = 1;
        buffered.send(0);
        awaitReceivers(unbuffered);
        data[1] = 1;
        unbuffered.send(1);
        awaitReceivers(buffered);
        data[2] = 1;
        buffered.send(2);
        data[3] = 1;
        unbuffered.send(3);
      },
      [&] {
        USE_VALUE(data[*buffered.receive()]);
        USE_VALUE(data[*unbuffered.receive()]);
        USE_VALUE(data[*buffered.receive()]);
        awaitSenders(unbuffered);
        USE_VALUE(data[*unbuffered.receive()]);
      });
}
