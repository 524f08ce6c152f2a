// A cache whose entries carry their generation: looked up under the read lock, renewed under the
// write lock, by one caller for all.
#include <mutex>
#include <shared_mutex>

#include "hindsight/rw_mutex.h"
#include "hindsight/single_flight.h"
#include "threads.h"

struct Entry {
  int generation;
  int value;
};
hindsight::rw_mutex mutex;
int generation;
Entry entry;
hindsight::single_flight<int, int> renewals;

int lookUp() {
  int now = 0;
  {
    std::shared_lock reading(mutex);
    if (entry.generation == generation) return entry.value;
    now = generation;
  }
  return renewals
      .call(now,
            [=] {
              std::unique_lock writing(mutex);
              if (entry.generation < now) entry = Entry{now, now * 2};
              return entry.value;
            })
      .value;
}

int main() {
  runThreadsIndexed(4, [](int i) {
    for (int n = 0; n < 100; n++) {
      if (i == 0 && n % 5 == 0) {
        std::unique_lock writing(mutex);
        generation++;
      }
      if (lookUp() % 2 != 0) abort();
    }
  });
}
