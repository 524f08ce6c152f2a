// A configuration that is loaded again while it is used: a new one is published, in an atomic shared
// pointer, and in a sync_map with the loads on demand of a single_flight. Each request keeps the one
// that it began with.
#include <atomic>
#include <memory>
#include <string>

#include "hindsight/single_flight.h"
#include "hindsight/sync_map.h"
#include "threads.h"

struct Configuration {
  std::string address;
  int version;
};
using Shared = std::shared_ptr<const Configuration>;

Shared load(int version) {
  return std::make_shared<Configuration>(
      Configuration{"an address, long enough for the heap", version});
}

Shared current = load(0);
hindsight::sync_map<int, Shared> tenants;
hindsight::single_flight<int, Shared> loads;

Shared tenant(int number) {
  if (auto there = tenants.load(number)) return *there;
  return loads
      .call(number,
            [=] {
              Shared loaded = load(number);
              tenants.store(number, loaded);
              return loaded;
            })
      .value;
}

int main() {
  runThreadsIndexed(4, [](int i) {
    for (int n = 0; n < 100; n++) {
      if (i == 0) {
        std::atomic_store(&current, load(n));
        tenants.erase(n % 5);
      }
      const Shared mine = std::atomic_load(&current);
      sched_yield();
      if (mine->version < 0 || mine->address.empty()) abort();
      if (tenant(n % 5)->version != n % 5) abort();
    }
  });
}
