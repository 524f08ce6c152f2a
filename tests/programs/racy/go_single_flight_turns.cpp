// Computations of one key, one after the other in time, are not ordered: what they share needs a
// lock of its own.
// EXPECT: races=1
#include "hindsight/single_flight.h"
#include "threads.h"

hindsight::single_flight<int, int> flights;
int fetches;

__attribute__((noinline)) void fetch() {
  flights.call(1, [] { return fetches++; });
}

int main() {
  runUnordered([] { fetch(); }, [] { fetch(); });
}
