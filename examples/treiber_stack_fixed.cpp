// treiber_stack_fixed.cpp - a lock-free stack of jobs: push with compare-exchange, take all.
//
// The push releases, the taking acquires: the nodes' contents come with the pointer. Between the
// two, other pushes may have put more nodes on top; they are read-modify-write operations, which
// carry the order on. Compare treiber_stack_racy.cpp, where the push is relaxed.
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
  while (!top.compare_exchange_weak(node->next, node, std::memory_order_release,
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
