// libcds.cpp - libcds containers whose nodes are freed through hazard pointers.
//
// MichaelHashMap, SplitListMap and MSQueue run with cds::gc::HP: headers are instrumented, the scan
// that frees retired nodes is compiled (see edges/libcds_hazards.h). Few hazard slots and a small
// retire list keep the reclamation busy; values are heap strings, freed with their node.
//
// Compiled as it is, the containers use libcds' default memory orders, and these are too weak in
// places (docs/real-software.md): the reports are true. With -DLIBCDS_SEQ_CST the containers are
// told to use memory_order_seq_cst throughout, and must be silent.
//
// Verified: every key inserted is erased exactly once, values are intact, the queue keeps order.

#include <cds/init.h>
// libcds wants its garbage collector before any container.
#include <cds/container/michael_kvlist_hp.h>
#include <cds/container/michael_map.h>
#include <cds/container/msqueue.h>
#include <cds/container/split_list_map.h>
#include <cds/gc/hp.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "check.h"
#include "edges/libcds_hazards.h"

namespace {

constexpr int kThreads = 4;
constexpr int kKeys = 300;
constexpr int kSteps = 6000;  // per thread
constexpr int kQueueItems = 6000;

std::string makeValue(int key) { return "the value that belongs to key " + std::to_string(key); }

#ifdef LIBCDS_SEQ_CST
using MemoryModel = cds::opt::v::sequential_consistent;
#else
using MemoryModel = cds::opt::v::relaxed_ordering;
#endif

struct Compare {
  int operator()(int left, int right) const { return left - right; }
};

struct ListTraits : cds::container::michael_list::traits {
  using compare = Compare;
  using allocator = FencedAllocator<int>;
  using memory_model = MemoryModel;
};
using Bucket = cds::container::MichaelKVList<cds::gc::HP, int, std::string, ListTraits>;
using HashMap = cds::container::MichaelHashMap<cds::gc::HP, Bucket>;

struct SplitTraits : cds::container::split_list::traits {
  using ordered_list = cds::container::michael_list_tag;
  using hash = std::hash<int>;
  using allocator = FencedAllocator<int>;
  using memory_model = MemoryModel;
  struct ordered_list_traits : cds::container::michael_list::traits {
    using compare = Compare;
    using allocator = FencedAllocator<int>;
    using memory_model = MemoryModel;
  };
};
using SplitMap = cds::container::SplitListMap<cds::gc::HP, int, std::string, SplitTraits>;

struct QueueTraits : cds::container::msqueue::traits {
  using allocator = FencedAllocator<int>;
  using memory_model = MemoryModel;
};
using Queue = cds::container::MSQueue<cds::gc::HP, std::string, QueueTraits>;

/// Random inserts, lookups and erases by all threads on one map.
template <typename Map>
void churn(Map& map) {
  std::atomic<int> inserted{0};
  std::atomic<int> erased{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const HazardSlots::Registration attached;
      uint32_t random = 12345u + static_cast<uint32_t>(t);
      for (int i = 0; i < kSteps; ++i) {
        random = random * 1664525u + 1013904223u;
        const int key = static_cast<int>((random >> 8) % kKeys);
        if (random >> 31) {
          const auto check = [key](auto& pair) {
            require(pair.second == makeValue(key), "value intact");
          };
          (void)map.find(key, check);
        } else if ((random >> 30) & 1) {
          if (map.insert(key, makeValue(key))) ++inserted;
        } else if (map.erase(key)) {
          ++erased;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int key = 0; key < kKeys; ++key) {
    if (map.erase(key)) ++erased;
  }
  require(map.empty(), "map empty at the end");
  require(inserted == erased && inserted > 0, "each key erased once");
}

/// Two producers, two consumers. dequeue_with() is used since it does not hide the element from
/// race detectors, as dequeue() does ("I think, it is wrong", says a comment there).
void exchangeThroughQueue() {
  Queue queue;
  std::atomic<int> left{2 * kQueueItems};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&queue, t] {
      const HazardSlots::Registration attached;
      for (int i = 0; i < kQueueItems; ++i) queue.enqueue(makeValue(t * kQueueItems + i));
    });
    threads.emplace_back([&queue, &left] {
      const HazardSlots::Registration attached;
      std::array<int, 2> last{-1, -1};
      while (left.load(std::memory_order_relaxed) > 0) {
        std::string text;
        if (!queue.dequeue_with([&text](std::string& value) { text = std::move(value); })) {
          std::this_thread::yield();
          continue;
        }
        const int item = std::stoi(text.substr(text.rfind(' ')));
        require(text == makeValue(item), "text intact");
        int& before = last[static_cast<size_t>(item / kQueueItems)];
        require(item > before, "order within one producer");
        before = item;
        left.fetch_sub(1, std::memory_order_relaxed);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

int main() {
  cds::Initialize();
  {
    // 8 slots a thread, up to 8 threads, lists of 256 retired nodes: many scans.
    cds::gc::HP collector(8, 8, 256);
    {
      const HazardSlots::Registration attached;
      HashMap hash_map(kKeys, 4);
      churn(hash_map);
      SplitMap split_map(kKeys, 4);
      churn(split_map);
      exchangeThroughQueue();
    }
    HazardSlots::clear();
  }
  cds::Terminate();
  puts("libcds: ok");
  return 0;
}
