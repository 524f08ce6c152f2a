// Three producers, one consumer that alone counts.
#include "channels.h"

int consumed;

int main() {
  chan<int> channel(2);
  runThreads(
      [&] {
        runThreadsIndexed(3, [&](int i) {
          for (int k = 0; k < 500; ++k) channel.send(i);
        });
      },
      [&] {
        for (int i = 0; i < 1500; ++i) {
          channel.receive();
          ++consumed;
        }
      });
  return consumed == 1500 ? 0 : 1;
}
