// sync_std_weak_ptr.cpp - a control block whose last weak references are dropped by two threads.
// Clean: the counts order every use before the release of object and control block.
#include <memory>

#include "schedule.h"
#include "threads.h"

struct Object {
  int value = 0;
  int* destroyed;
  explicit Object(int* flag) : destroyed(flag) {}
  ~Object() { *destroyed = value; }
};

int main() {
  for (int round = 0; round < 20; ++round) {
    int destroyed = 0;
    auto first = std::make_shared<Object>(&destroyed);
    std::weak_ptr<Object> weak = first;
    auto second = first;
    runThreads(
        [&, mine = std::move(first)]() mutable {
          mine->value = 1;
          mine.reset();
        },
        [&, mine = std::move(second), observer = std::move(weak)]() mutable {
          mine.reset();
          if (auto again = observer.lock()) again.reset();
          observer.reset();
        });
    if (destroyed != 1) return 1;
  }
  return 0;
}
