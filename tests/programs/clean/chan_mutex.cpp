// A channel with room for one is a mutex: send locks, receive unlocks.
#include "channels.h"

int counter;

int main() {
  chan<int> mutex(1);
  runThreadsIndexed(4, [mutex](int) {
    for (int i = 0; i < 1000; ++i) {
      mutex.send(0);
      ++counter;
      mutex.receive();
    }
  });
  return counter == 4000 ? 0 : 1;
}
