// Hazard pointers: published, looked at again, cleared with release; a version is freed when no
// reader names it. [Michael, IEEE TPDS 2004]
#include <atomic>

#include "threads.h"

constexpr int kReaders = 3;

struct Node {
  int value;
  int check;
};
std::atomic<Node*> current;
std::atomic<Node*> hazards[kReaders];
std::atomic<bool> stop;

Node* protect(std::atomic<Node*>& hazard) {
  for (;;) {
    Node* node = current.load();
    hazard.store(node);
    if (current.load() == node) return node;
  }
}

int main() {
  current = new Node{0, 0};
  runThreadsIndexed(kReaders + 1, [](int i) {
    if (i < kReaders) {
      do {
        Node* node = protect(hazards[i]);
        if (node->value + node->check != 0) abort();
        hazards[i].store(nullptr, std::memory_order_release);
        sched_yield();
      } while (!stop.load(std::memory_order_relaxed));
      return;
    }
    for (int n = 1; n < 200; n++) {
      Node* old = current.exchange(new Node{n, -n});
      for (auto& hazard : hazards)
        while (hazard.load() == old) sched_yield();
      delete old;
    }
    stop.store(true, std::memory_order_relaxed);
  });
  delete current.load();
}
