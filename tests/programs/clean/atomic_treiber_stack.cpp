// A Treiber stack three ways: with hazard pointers, with tagged indices, and without reclamation.
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr int kThreads = 3;
constexpr int kRounds = 400;

namespace hazard {
struct Node {
  Node* next;
  long value;
};
std::atomic<Node*> top;
std::atomic<Node*> hazards[kThreads];
thread_local Node* retired[2 * kThreads];
thread_local int retired_count;

void push(Node* node) {
  node->next = top.load(kRelaxed);
  while (!top.compare_exchange_weak(node->next, node, kRelease, kRelaxed)) {
  }
}
Node* pop(int me) {
  for (;;) {
    Node* node = top.load(kRelaxed);
    if (node == nullptr) return nullptr;
    hazards[me].store(node);  // seq_cst: before the second look at top
    if (top.load() != node) continue;
    Node* next = node->next;
    if (top.compare_exchange_strong(node, next, kAcquire, kRelaxed)) {
      hazards[me].store(nullptr, kRelease);
      return node;
    }
  }
}
void retire(Node* node) {
  retired[retired_count++] = node;
  if (retired_count < 2 * kThreads) return;
  int kept = 0;
  for (int i = 0; i < retired_count; i++) {
    bool in_use = false;
    for (auto& hazard : hazards) in_use |= hazard.load() == retired[i];
    if (in_use)
      retired[kept++] = retired[i];
    else
      delete retired[i];
  }
  retired_count = kept;
}
void contend() {
  runThreadsIndexed(kThreads, [](int me) {
    for (int n = 0; n < kRounds; n++) {
      push(new Node{nullptr, n});
      if (Node* node = pop(me)) {
        node->value++;
        retire(node);
      }
    }
    hazards[me].store(nullptr, kRelease);
  });
}
}  // namespace hazard

namespace tagged {  // top = tag * 2^32 + index; nodes are never freed, next is atomic
struct Node {
  std::atomic<unsigned> next;
  long value;
};
Node nodes[kThreads * 4 + 1];
std::atomic<unsigned long> top;

void push(unsigned index) {
  unsigned long old = top.load(kRelaxed);
  do nodes[index].next.store(static_cast<unsigned>(old), kRelaxed);
  while (!top.compare_exchange_weak(old, ((old >> 32) + 1) << 32 | index, kRelease, kRelaxed));
}
unsigned pop() {
  unsigned long old = top.load(kAcquire);
  while (static_cast<unsigned>(old) != 0) {
    unsigned next = nodes[static_cast<unsigned>(old)].next.load(kRelaxed);
    if (top.compare_exchange_weak(old, ((old >> 32) + 1) << 32 | next, kAcquire, kAcquire))
      return static_cast<unsigned>(old);
  }
  return 0;
}
void contend() {
  for (unsigned i = 1; i <= kThreads * 4; i++) push(i);
  runThreadsIndexed(kThreads, [](int) {
    for (int n = 0; n < kRounds; n++) {
      unsigned index = pop();
      if (index == 0) continue;
      nodes[index].value++;
      push(index);
    }
  });
}
}  // namespace tagged

namespace leaking {
struct Node {
  Node* next;
  long value;
};
std::atomic<Node*> top;

void contend() {
  runThreadsIndexed(kThreads, [](int i) {
    for (int n = 0; n < kRounds; n++) {
      Node* node = new Node{top.load(kRelaxed), n};
      while (!top.compare_exchange_weak(node->next, node, kRelease, kRelaxed)) {
      }
      if (n % 8 != i) continue;
      for (Node* all = top.exchange(nullptr, kAcquire); all != nullptr;) {
        Node* next = all->next;
        delete all;
        all = next;
      }
    }
  });
}
}  // namespace leaking

int main() {
  hazard::contend();
  tagged::contend();
  leaking::contend();
}
