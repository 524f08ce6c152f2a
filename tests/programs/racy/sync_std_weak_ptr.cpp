// sync_std_weak_ptr.cpp - an object reached through weak_ptr while another thread uses it.
// Racy: the counts order the object's destruction, not the uses before it.
#include <memory>

#include "schedule.h"
#include "threads.h"

int main() {
  auto owner = std::make_shared<int>(0);
  runThreads(
      [mine = owner.get()] {
        *mine = 1;
        stepAdvance();
      },
      [observer = std::weak_ptr<int>(owner)] {
        stepWait(1);
        if (auto again = observer.lock()) *again = 2;
      });
  return *owner == 2 ? 0 : 1;
}
