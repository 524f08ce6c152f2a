// Handles are copied, moved and dropped by all threads; the channel goes with the last of them,
// whoever holds it, without a race.
#include "channels.h"

int main() {
  for (int i = 0; i < 200; ++i) {
    chan<chan<int>> outer(2);
    runThreads(
        [outer] {
          chan<int> inner(2);
          outer.send(inner);
          inner.send(1);
        },
        [outer] {
          chan<int> inner = *outer.receive();
          chan<int> copy = inner;
          copy.send(2);
          inner = {};
        },
        [outer] { outer.send(chan<int>(1)); });
  }
}
