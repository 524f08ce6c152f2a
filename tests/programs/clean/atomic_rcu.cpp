// Read-copy-update with quiescent states: a version is freed once every reader has passed through
// a point where it holds no reference.
#include <atomic>

#include "threads.h"

constexpr int kReaders = 2;
constexpr int kVersions = 60;

struct Version {
  long number;
  long check;
};
std::atomic<Version*> current;
std::atomic<unsigned long> period{1};
std::atomic<unsigned long> seen[kReaders];
std::atomic<bool> stop;

void quiescent(int reader) {
  seen[reader].store(period.load(std::memory_order_acquire), std::memory_order_release);
}
void waitForReaders() {
  unsigned long next = period.fetch_add(1, std::memory_order_acq_rel) + 1;
  for (auto& reader : seen)
    while (reader.load(std::memory_order_acquire) < next) sched_yield();
}

int main() {
  current = new Version{0, 0};
  runThreadsIndexed(kReaders + 1, [](int i) {
    if (i == kReaders) {
      for (int n = 1; n < kVersions; n++) {
        Version* next = new Version{n, -n};
        Version* old = current.exchange(next, std::memory_order_acq_rel);
        waitForReaders();
        delete old;
      }
      stop.store(true, std::memory_order_relaxed);
      return;
    }
    while (!stop.load(std::memory_order_relaxed)) {
      for (int n = 0; n < 5; n++) {
        Version* version = current.load(std::memory_order_acquire);
        if (version->number + version->check != 0) abort();
      }
      quiescent(i);
      sched_yield();
    }
    quiescent(i);
  });
  delete current.load();
}
