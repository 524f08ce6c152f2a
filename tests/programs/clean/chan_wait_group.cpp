// A channel as wait group: one receive for each worker, of which some come first and some wait.
#include "channels.h"

int results[4];

int main() {
  for (int capacity : {0, 1, 4}) {
    chan<int> done(capacity);
    Thread workers([&] {
      runThreadsIndexed(4, [&](int i) {
        results[i] = capacity;
        done.send(i);
      });
    });
    for (int i = 0; i < 4; ++i) done.receive();
    for (int& result : results) USE_VALUE(result);
    workers.join();
  }
}
