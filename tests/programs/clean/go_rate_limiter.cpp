// A rate limiter: what the clock writes before it hands out a permit is ordered before its use; what
// the users share has a lock.
#include <mutex>

#include "channels.h"

constexpr int kTicks = 60;
chan<int> permits(2);
int granted[kTicks];
std::mutex mutex;
int requests;

int main() {
  runThreadsIndexed(4, [](int i) {
    if (i == 0) {
      for (int tick = 0; tick < kTicks; tick++) {
        granted[tick] = tick;
        permits.send(tick);
      }
      permits.close();
      return;
    }
    for (int tick : permits) {
      if (granted[tick] != tick) abort();
      std::lock_guard guard(mutex);
      requests++;
    }
  });
  if (requests != kTicks) abort();
}
