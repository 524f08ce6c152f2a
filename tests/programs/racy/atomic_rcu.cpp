// Read-copy-update without a grace period: the old version is freed while a reader looks at it.
// EXPECT: races>=1
// EXPECT: contains "readVersion"
// EXPECT: contains "replace"
#include <atomic>

#include "threads.h"

struct Version {
  long number;
  long check;
};
std::atomic<Version*> current;

__attribute__((noinline)) void readVersion() {
  Version* version = current.load(std::memory_order_acquire);
  USE_VALUE(version->number);
  stepAdvance();
  stepWait(2);
  USE_VALUE(version->check);
}
__attribute__((noinline)) void replace(Version* next) {
  Version* old = current.exchange(next, std::memory_order_acq_rel);
  delete old;
}

int main() {
  current = new Version{1, -1};
  runThreads([] { readVersion(); },
             [] {
               stepWait(1);
               replace(new Version{2, -2});
               stepAdvance();
             });
}
