// Hazard pointers wrong in two ways: one that is published, but not followed by another look at what
// it protects; one that is cleared with relaxed order.
// EXPECT: races=2
// EXPECT: contains "readWithoutASecondLook"
// EXPECT: contains "readAndClearRelaxed"
#include <atomic>

#include "threads.h"

struct Node {
  int value;
};

struct Place {
  std::atomic<Node*> current{new Node{1}};
  std::atomic<Node*> hazard{nullptr};
};
Place first;
Place second;

__attribute__((noinline)) void replaceAndFree(Place& place) {
  Node* old = place.current.exchange(new Node{2});
  while (place.hazard.load() == old) sched_yield();
  delete old;
}
__attribute__((noinline)) void readWithoutASecondLook() {
  Node* node = first.current.load();
  stepAdvance();
  stepWait(2);               // replaced and freed
  first.hazard.store(node);  // too late; the second look would have told
  USE_VALUE(node->value);
  first.hazard.store(nullptr);
}
__attribute__((noinline)) void readAndClearRelaxed() {
  Node* node = second.current.load();
  second.hazard.store(node);
  if (second.current.load() != node) abort();
  USE_VALUE(node->value);
  second.hazard.store(nullptr, std::memory_order_relaxed);  // should be release
}

int main() {
  runThreads([] { readWithoutASecondLook(); },
             [] {
               stepWait(1);
               replaceAndFree(first);
               stepAdvance();
             });
  runUnordered([] { readAndClearRelaxed(); }, [] { replaceAndFree(second); });
}
