// A cache whose entries carry the generation in which they were computed: raising the generation is
// atomic, but the entry that is renewed in place is read without the lock.
// EXPECT: races>=1
// EXPECT: contains "lookUp"
// EXPECT: contains "renew"
#include <atomic>
#include <mutex>

#include "threads.h"

struct Entry {
  int generation;
  int value;
};
std::mutex mutex;
std::atomic<int> generation;
Entry entry;

__attribute__((noinline)) void renew() {
  std::lock_guard guard(mutex);
  entry = Entry{generation.load(), 7};
}
__attribute__((noinline)) void lookUp() {
  if (entry.generation == generation.load()) {  // should hold the lock
    USE_VALUE(entry.value);
    return;
  }
  renew();
}

int main() {
  entry = Entry{0, 1};
  generation = 1;
  runUnordered([] { lookUp(); }, [] { lookUp(); });
}
