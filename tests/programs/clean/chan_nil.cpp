// Merging two channels, each set to nil when it is closed.
#include "channels.h"

int written[2];

int main() {
  chan<int> channels[2] = {chan<int>(0), chan<int>(3)};
  Thread senders([channels] {
    runThreadsIndexed(2, [&](int i) {
      for (int k = 0; k < 200; ++k) {
        written[i] = k;
        channels[i].send(k);
      }
      written[i] = 0;
      channels[i].close();
    });
  });
  while (channels[0] || channels[1]) {
    hindsight::select(on_receive(channels[0],
                                 [&](auto value) {
                                   if (!value) channels[0] = {};
                                 }),
                      on_receive(channels[1], [&](auto value) {
                        if (!value) channels[1] = {};
                      }));
  }
  USE_VALUE(written[0]);
  USE_VALUE(written[1]);
  senders.join();
}
