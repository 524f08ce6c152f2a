// A Treiber stack that frees a popped node at once: another thread that has loaded the same top
// still reads its next pointer. (The freed memory stays mapped.)
// EXPECT: races>=1
// EXPECT: contains "popAndDelete"
// EXPECT: contains "slowPop"
#include <atomic>

#include "threads.h"

struct Node {
  Node* next;
  long value;
};
std::atomic<Node*> top;

void push(Node* node) {
  node->next = top.load(std::memory_order_relaxed);
  while (!top.compare_exchange_weak(node->next, node, std::memory_order_release,
                                    std::memory_order_relaxed)) {
  }
}
__attribute__((noinline)) void popAndDelete() {
  Node* node = top.load(std::memory_order_acquire);
  while (!top.compare_exchange_weak(node, node->next, std::memory_order_acquire)) {
  }
  delete node;
}
__attribute__((noinline)) void slowPop() {
  Node* node = top.load(std::memory_order_acquire);
  stepAdvance();
  stepWait(2);              // the other thread pops and deletes the node
  Node* next = node->next;  // too late
  top.compare_exchange_strong(node, next, std::memory_order_acquire);
}

int main() {
  push(new Node());
  push(new Node());
  runThreads([] { slowPop(); },
             [] {
               stepWait(1);
               popAndDelete();
               stepAdvance();
             });
}
