// Callers that share a result share what it points to: one of them changes it.
// EXPECT: races=1
#include <memory>

#include "hindsight/single_flight.h"
#include "threads.h"

hindsight_test::Step changed;

HINDSIGHT_TEST_UNINSTRUMENTED bool keyEqual(int a, int b) {
  if (a == b) stepAdvance();  // somebody has found the key: it joins
  return a == b;
}
struct Equal {
  bool operator()(int a, int b) const { return keyEqual(a, b); }
};
hindsight::single_flight<int, std::shared_ptr<int>, std::hash<int>, Equal> pages;
hindsight_test::Step computing;

int main() {
  runThreads(
      [] {
        auto [page, shared] = pages.call(1, [] {
          computing.advance();
          stepWait(1);
          return std::make_shared<int>(7);
        });
        *page = 8;  // should be a copy of its own
        changed.advance();
        changed.wait(2);  // the counts of the shared_ptr shall order nothing
      },
      [] {
        computing.wait(1);
        auto [page, shared] = pages.call(1, [] { return std::make_shared<int>(0); });
        changed.wait(1);
        USE_VALUE(*page);
        changed.advance();
      });
}
