// The same with a lock.
#include <mutex>

#include "hindsight/single_flight.h"
#include "threads.h"

hindsight::single_flight<int, int> flights;
std::mutex mutex;
int fetches;

__attribute__((noinline)) void fetch() {
  flights.call(1, [] {
    std::lock_guard guard(mutex);
    return fetches++;
  });
}

int main() {
  runUnordered([] { fetch(); }, [] { fetch(); });
}
