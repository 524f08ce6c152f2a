// The computation -> every return, for those who share it and for who computes.
#include <memory>

#include "hindsight/single_flight.h"
#include "threads.h"

hindsight::single_flight<int, std::shared_ptr<int>> pages;

int main() {
  runThreadsIndexed(4, [](int i) {
    for (int n = 0; n < 200; n++) {
      const int key = n / 4;
      auto [page, shared] = pages.call(key, [=] {
        sched_yield();
        return std::make_shared<int>(key);
      });
      if (*page != key) abort();
      int mine = *page;
      mine++;
      USE_VALUE(mine);
      if (n % 50 == i) pages.forget(key);
      if (n % 20 == i) {
        try {
          pages.call(-1, []() -> std::shared_ptr<int> { throw 1; });
        } catch (int) {
        }
      }
    }
  });
}
