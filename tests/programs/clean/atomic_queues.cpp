// Lock-free queues under contention: an SPSC ring, Vyukov's MPSC and MPMC queues, and the
// Michael-Scott queue (nodes freed at the end). Each item carries plain data.
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kAcqRel = std::memory_order_acq_rel;

struct Item {
  long payload;
};

struct SpscRing {
  Item* cells[8];
  alignas(64) std::atomic<unsigned> head{0};
  alignas(64) std::atomic<unsigned> tail{0};

  bool push(Item* item) {
    unsigned at = tail.load(kRelaxed);
    if (at - head.load(kAcquire) == 8) return false;
    cells[at % 8] = item;
    tail.store(at + 1, kRelease);
    return true;
  }
  Item* pop() {
    unsigned at = head.load(kRelaxed);
    if (tail.load(kAcquire) == at) return nullptr;
    Item* item = cells[at % 8];
    head.store(at + 1, kRelease);
    return item;
  }
};

struct Node {
  std::atomic<Node*> next{nullptr};
  Item* item = nullptr;
};

struct VyukovMpsc {
  Node stub;
  std::atomic<Node*> head{&stub};
  Node* tail = &stub;

  bool push(Item* item) {
    Node* node = new Node();
    node->item = item;
    head.exchange(node, kAcqRel)->next.store(node, kRelease);
    return true;
  }
  Item* pop() {
    Node* next = tail->next.load(kAcquire);
    if (next == nullptr) return nullptr;
    if (tail != &stub) delete tail;
    tail = next;
    return next->item;
  }
};

struct VyukovMpmc {
  struct Cell {
    std::atomic<unsigned> sequence;
    Item* item;
  };
  Cell cells[8];
  std::atomic<unsigned> head{0}, tail{0};

  VyukovMpmc() {
    for (unsigned i = 0; i < 8; i++) cells[i].sequence.store(i, kRelaxed);
  }
  bool push(Item* item) {
    unsigned at = tail.load(kRelaxed);
    for (;;) {
      Cell& cell = cells[at % 8];
      int ahead = static_cast<int>(cell.sequence.load(kAcquire) - at);
      if (ahead < 0) return false;
      if (ahead > 0) {
        at = tail.load(kRelaxed);
      } else if (tail.compare_exchange_weak(at, at + 1, kRelaxed)) {
        cell.item = item;
        cell.sequence.store(at + 1, kRelease);
        return true;
      }
    }
  }
  Item* pop() {
    unsigned at = head.load(kRelaxed);
    for (;;) {
      Cell& cell = cells[at % 8];
      int ahead = static_cast<int>(cell.sequence.load(kAcquire) - (at + 1));
      if (ahead < 0) return nullptr;
      if (ahead > 0) {
        at = head.load(kRelaxed);
      } else if (head.compare_exchange_weak(at, at + 1, kRelaxed)) {
        Item* item = cell.item;
        cell.sequence.store(at + 8, kRelease);
        return item;
      }
    }
  }
};

struct MichaelScott {
  std::atomic<Node*> head{new Node()};
  std::atomic<Node*> tail{head.load()};

  bool push(Item* item) {
    Node* node = new Node();
    node->item = item;
    for (;;) {
      Node* last = tail.load(kAcquire);
      Node* next = last->next.load(kAcquire);
      if (next != nullptr) {
        tail.compare_exchange_weak(last, next, kRelease, kRelaxed);
      } else if (last->next.compare_exchange_weak(next, node, kRelease, kRelaxed)) {
        tail.compare_exchange_strong(last, node, kRelease, kRelaxed);
        return true;
      }
    }
  }
  Item* pop() {  // popped nodes stay linked and alive: no reader can meet freed memory
    for (;;) {
      Node* first = head.load(kAcquire);
      Node* last = tail.load(kAcquire);
      Node* next = first->next.load(kAcquire);
      if (next == nullptr) return nullptr;
      if (first == last) tail.compare_exchange_weak(last, next, kRelease, kRelaxed);
      Item* item = next->item;
      if (head.compare_exchange_weak(first, next, kAcqRel, kRelaxed)) return item;
    }
  }
};

template <class Queue>
Queue queue;
template <class Queue>
std::atomic<int> received;

constexpr int kItems = 600;

template <class Queue>
void contend(int producers, int consumers) {
  runThreadsIndexed(producers + consumers, [=](int i) {
    if (i < producers) {
      for (int n = 0; n < kItems / producers; n++) {
        Item* item = new Item{n};
        while (!queue<Queue>.push(item)) sched_yield();
      }
      return;
    }
    while (received<Queue>.load(kRelaxed) < kItems) {
      Item* item = queue<Queue>.pop();
      if (item == nullptr) {
        sched_yield();
        continue;
      }
      item->payload++;
      delete item;
      received<Queue>.fetch_add(1, kRelaxed);
    }
  });
}

int main() {
  contend<SpscRing>(1, 1);
  contend<VyukovMpsc>(3, 1);
  contend<VyukovMpmc>(2, 2);
  contend<MichaelScott>(2, 2);
}
