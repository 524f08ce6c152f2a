// A counter in shards, one per thread, plain; the total is read while they count.
// EXPECT: races>=1
#include "threads.h"

struct alignas(64) Shard {
  long count;
};
Shard shards[3];

__attribute__((noinline)) long total() {
  long sum = 0;
  for (Shard& shard : shards) sum += shard.count;
  return sum;
}

int main() {
  runUnordered([] { shards[2].count++; }, [] { USE_VALUE(total()); });
}
