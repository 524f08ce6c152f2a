// Double-checked locking without order: with a plain pointer, and with a relaxed atomic one.
// EXPECT: races>=3
#include <atomic>
#include <mutex>

#include "threads.h"

struct Settings {
  int verbosity = 3;
};

std::mutex mutex;
Settings* plain;
std::atomic<Settings*> relaxed;

__attribute__((noinline)) Settings* plainInstance() {
  if (plain == nullptr) {
    std::lock_guard guard(mutex);
    if (plain == nullptr) plain = new Settings();
  }
  return plain;
}
__attribute__((noinline)) Settings* relaxedInstance() {
  Settings* settings = relaxed.load(std::memory_order_relaxed);
  if (settings == nullptr) {
    std::lock_guard guard(mutex);
    settings = relaxed.load(std::memory_order_relaxed);
    if (settings == nullptr) {
      settings = new Settings();
      relaxed.store(settings, std::memory_order_relaxed);
    }
  }
  return settings;
}

int main() {
  runUnordered([] { USE_VALUE(plainInstance()->verbosity); },
               [] { USE_VALUE(plainInstance()->verbosity); });
  runUnordered([] { USE_VALUE(relaxedInstance()->verbosity); },
               [] { USE_VALUE(relaxedInstance()->verbosity); });
}
