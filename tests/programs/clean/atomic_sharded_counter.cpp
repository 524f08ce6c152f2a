// Counters in shards: plain ones read after join, relaxed atomic ones read at any time.
#include <atomic>

#include "threads.h"

struct alignas(64) Shard {
  long plain;
  std::atomic<long> shared;
};
Shard shards[3];

int main() {
  runThreadsIndexed(4, [](int i) {
    for (int n = 0; n < 1000; n++) {
      if (i < 3) {
        shards[i].plain++;
        shards[i].shared.fetch_add(1, std::memory_order_relaxed);
      } else {
        long sum = 0;
        for (Shard& shard : shards) sum += shard.shared.load(std::memory_order_relaxed);
        USE_VALUE(sum);
      }
    }
  });
  long sum = 0;
  for (Shard& shard : shards) sum += shard.plain;
  return sum != 3000;
}
