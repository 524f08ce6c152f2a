// A configuration that is loaded again while it is used: in place.
// EXPECT: races>=1
// EXPECT: contains "serve"
// EXPECT: contains "reload"
#include <atomic>
#include <string>

#include "threads.h"

struct Configuration {
  std::string address = "a default address, long enough for the heap";
  int timeout = 10;
};
std::atomic<Configuration*> current;

__attribute__((noinline)) void reload() {
  Configuration* configuration = current.load(std::memory_order_acquire);
  configuration->timeout = 20;  // should be a new one
  current.store(configuration, std::memory_order_release);
}
__attribute__((noinline)) void serve() {
  Configuration* configuration = current.load(std::memory_order_acquire);
  stepAdvance();
  stepWait(2);
  USE_VALUE(configuration->timeout);
}

int main() {
  current = new Configuration;
  runThreads([] { serve(); },
             [] {
               stepWait(1);
               reload();
               stepAdvance();
             });
}
