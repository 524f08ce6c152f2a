// A table is copied, changed and published; readers keep the version that they have seen.
#include <atomic>
#include <map>

#include "threads.h"

using Table = std::map<int, int>;
std::atomic<const Table*> published;

int main() {
  const Table* versions[20];
  versions[0] = new Table{{1, 1}, {2, 4}};
  published.store(versions[0]);
  runThreadsIndexed(3, [&versions](int i) {
    if (i == 0) {
      for (int n = 1; n < 20; n++) {
        Table* next = new Table(*published.load(std::memory_order_relaxed));
        (*next)[n + 2] = n;
        versions[n] = next;
        published.store(next, std::memory_order_release);
        sched_yield();
      }
    } else {
      for (int n = 0; n < 300; n++) {
        const Table* table = published.load(std::memory_order_acquire);
        USE_VALUE(table->count(n % 22));
        if (n % 16 == 0) sched_yield();
      }
    }
  });
  for (const Table* version : versions) delete version;
}
