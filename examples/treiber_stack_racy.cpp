// treiber_stack_racy.cpp - a lock-free stack of jobs: push with compare-exchange, take all.
//
// The push is relaxed: the taker gets a pointer to a node, but what was written into the node is
// not ordered before it. It may find garbage in `next` and in `job`.
// The fix (treiber_stack_fixed.cpp): release on the push, for the taker's acquire.
#include <atomic>
#include <cstdio>
#include <thread>

struct Node {
  Node* next;
  int job;
};
std::atomic<Node*> top = nullptr;

void push(int job) {
  Node* node = new Node{top.load(std::memory_order_relaxed), job};
  while (!top.compare_exchange_weak(node->next, node, std::memory_order_relaxed,
                                    std::memory_order_relaxed)) {
  }
}

int takeAll() {
  int taken = 0;
  Node* node = top.exchange(nullptr, std::memory_order_acquire);
  while (node != nullptr) {
    Node* next = node->next;
    delete node;
    node = next;
    taken++;
  }
  return taken;
}

int main() {
  constexpr int kJobs = 1000;
  std::thread pusher([] {
    for (int job = 0; job < kJobs; job++) push(job);
  });
  std::thread taker([] {
    int taken = 0;
    while (taken < kJobs) {
      taken += takeAll();
      std::this_thread::yield();
    }
    std::printf("took %d jobs\n", taken);
  });
  pusher.join();
  taker.join();
}
