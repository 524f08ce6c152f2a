// libcds_map.cpp - libcds' MichaelHashMap with hazard pointers under inserts, lookups and erasures.
//
// Headers are instrumented, the scan that frees nodes is compiled (edges/libcds_hazards.h shows its
// loads to detectors). Sequentially consistent, as the default orders are too weak
// (docs/real-software.md). Verified: every key inserted is erased once, values are intact.
#include <cds/init.h>
// libcds wants its garbage collector before any container.
#include <cds/container/michael_kvlist_hp.h>
#include <cds/container/michael_map.h>
#include <cds/gc/hp.h>

#include <atomic>
#include <string>

#include "../../real/edges/libcds_hazards.h"
#include "../kernels/kernel.h"

namespace {

constexpr int kKeys = 20'000;

std::string makeValue(int key) { return "the value that belongs to key " + std::to_string(key); }

struct Compare {
  int operator()(int left, int right) const { return left - right; }
};

struct Traits : cds::container::michael_list::traits {
  using compare = Compare;
  using allocator = FencedAllocator<int>;
  using memory_model = cds::opt::v::sequential_consistent;
};
using Bucket = cds::container::MichaelKVList<cds::gc::HP, int, std::string, Traits>;
using Map = cds::container::MichaelHashMap<cds::gc::HP, Bucket>;

struct Balance {
  std::atomic<long> inserted{0};
  std::atomic<long> erased{0};
};

void churn(Map& map, Balance& balance, int index, long operations) {
  const HazardSlots::Registration attached;
  kernel::Random random(static_cast<std::uint64_t>(index) + 1);
  long inserted = 0;
  long erased = 0;
  for (long i = 0; i < operations; ++i) {
    const int key = static_cast<int>(random.below(kKeys));
    const std::uint64_t choice = random.below(10);
    if (choice < 6) {
      map.find(key, [key](auto& pair) {
        kernel::require(pair.second == makeValue(key), "value intact");
      });
    } else if (choice < 8) {
      if (map.insert(key, makeValue(key))) ++inserted;
    } else if (map.erase(key)) {
      ++erased;
    }
  }
  balance.inserted += inserted;
  balance.erased += erased;
}

void run(int threads, long size) {
  const HazardSlots::Registration attached;
  Map map(kKeys, 4);
  Balance balance;
  kernel::runThreads(threads, [&](int index) { churn(map, balance, index, size / threads); });
  long rest = 0;
  for (int key = 0; key < kKeys; ++key) rest += map.erase(key) ? 1 : 0;
  kernel::require(map.empty() && rest > 0, "map emptied");
  kernel::require(balance.inserted == balance.erased + rest, "each key erased once");
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 800'000);
  cds::Initialize();
  {
    cds::gc::HP collector(8, static_cast<std::size_t>(threads) + 2, 1024);
    run(threads, size);
    HazardSlots::clear();
  }
  cds::Terminate();
  return kernel::finish("libcds_map", kernel::Checksum());
}
