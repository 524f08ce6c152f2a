// Double-checked locking with an acquire load and a release store.
#include <atomic>
#include <mutex>

#include "threads.h"

struct Settings {
  int verbosity = 3;
};

std::mutex mutex;
std::atomic<Settings*> instances[20];

Settings* instance(int i) {
  Settings* settings = instances[i].load(std::memory_order_acquire);
  if (settings == nullptr) {
    std::lock_guard guard(mutex);
    settings = instances[i].load(std::memory_order_relaxed);
    if (settings == nullptr) {
      settings = new Settings();
      instances[i].store(settings, std::memory_order_release);
    }
  }
  return settings;
}

int main() {
  runThreadsIndexed(4, [](int) {
    for (int i = 0; i < 20; i++) {
      barrierUninstrumented(4);
      USE_VALUE(instance(i)->verbosity);
    }
  });
}
