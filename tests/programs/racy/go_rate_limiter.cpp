// A rate limiter: a channel of permits that a clock fills. Who has a permit is ordered after the
// clock, not after the others who have one.
// EXPECT: races=1
#include "channels.h"

chan<int> permits(2);
int requests;

__attribute__((noinline)) void request() {
  permits.receive();
  requests++;  // should be atomic, or under a lock
}

int main() {
  permits.send(1);
  permits.send(2);
  runUnordered([] { request(); }, [] { request(); });
}
