// Epoch-based reclamation wrong in two ways: a reader that leaves with relaxed order; a writer that
// does not wait for the readers of the epoch before.
// EXPECT: races=2
// EXPECT: contains "readAndLeaveRelaxed"
// EXPECT: contains "readSlowly"
#include <atomic>

#include "threads.h"

constexpr unsigned kIdle = ~0u;

struct Node {
  int value;
};
struct Place {
  std::atomic<Node*> current{new Node{1}};
  std::atomic<unsigned> epoch{0};
  std::atomic<unsigned> reader{kIdle};

  void enter() { reader.store(epoch.load()); }
  void leave(std::memory_order order) { reader.store(kIdle, order); }
  /// Raises the epoch and waits until no reader is in an older one.
  void synchronize() {
    const unsigned now = epoch.fetch_add(1) + 1;
    for (unsigned seen; (seen = reader.load()) != kIdle && seen < now;) sched_yield();
  }
};
Place first;
Place second;

__attribute__((noinline)) void readAndLeaveRelaxed() {
  first.enter();
  USE_VALUE(first.current.load()->value);
  first.leave(std::memory_order_relaxed);  // should be release
}
__attribute__((noinline)) void readSlowly() {
  second.enter();
  Node* node = second.current.load();
  stepAdvance();
  stepWait(2);
  USE_VALUE(node->value);
  second.leave(std::memory_order_release);
}

int main() {
  runUnordered([] { readAndLeaveRelaxed(); },
               [] {
                 Node* old = first.current.exchange(new Node{2});
                 first.synchronize();
                 delete old;
               });
  runThreads([] { readSlowly(); },
             [] {
               stepWait(1);
               Node* old = second.current.exchange(new Node{2});
               second.epoch.fetch_add(1);  // should be synchronize()
               delete old;
               stepAdvance();
             });
}
