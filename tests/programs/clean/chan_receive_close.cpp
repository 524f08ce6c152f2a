// A receive does not race with the close of its channel.
#include "channels.h"

int main() {
  chan<int> waiting(0);
  Thread receiver([=] { waiting.receive(); });
  awaitReceivers(waiting);
  waiting.close();
  receiver.join();

  chan<int> ready(1);
  ready.send(1);
  runUnordered([=] { ready.receive(); }, [=] { ready.close(); });
}
