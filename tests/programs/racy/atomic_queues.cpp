// Lock-free queues with one order too weak: an SPSC ring (the index), a Vyukov MPSC queue (the
// link), a Vyukov MPMC queue (the cell's sequence), a Michael-Scott queue (the link).
// EXPECT: races=4
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kAcqRel = std::memory_order_acq_rel;

struct SpscRing {
  long cells[8];
  std::atomic<unsigned> head{0}, tail{0};

  void push(long value) {
    unsigned at = tail.load(kRelaxed);
    cells[at % 8] = value;
    tail.store(at + 1, kRelaxed);  // should be release
  }
  long pop() {
    unsigned at = head.load(kRelaxed);
    while (tail.load(kAcquire) == at) sched_yield();
    return cells[at % 8];
  }
};

struct Node {
  std::atomic<Node*> next{nullptr};
  long value = 0;
};

struct VyukovMpsc {
  Node stub;
  std::atomic<Node*> head{&stub};
  Node* tail = &stub;

  void push(long value) {
    Node* node = new Node();
    node->value = value;
    Node* previous = head.exchange(node, kAcqRel);
    previous->next.store(node, kRelaxed);  // should be release
  }
  long pop() {
    Node* next;
    while ((next = tail->next.load(kAcquire)) == nullptr) sched_yield();
    tail = next;
    return next->value;
  }
};

struct VyukovMpmc {
  struct Cell {
    std::atomic<unsigned> sequence;
    long value;
  };
  Cell cells[8];
  std::atomic<unsigned> head{0}, tail{0};

  VyukovMpmc() {
    for (unsigned i = 0; i < 8; i++) cells[i].sequence.store(i, kRelaxed);
  }
  void push(long value) {
    unsigned at = tail.fetch_add(1, kRelaxed);
    Cell& cell = cells[at % 8];
    while (cell.sequence.load(kAcquire) != at) sched_yield();
    cell.value = value;
    cell.sequence.store(at + 1, kRelaxed);  // should be release
  }
  long pop() {
    unsigned at = head.fetch_add(1, kRelaxed);
    Cell& cell = cells[at % 8];
    while (cell.sequence.load(kAcquire) != at + 1) sched_yield();
    return cell.value;
  }
};

struct MichaelScott {
  std::atomic<Node*> head{new Node()}, tail{head.load()};

  void push(long value) {
    Node* node = new Node();
    node->value = value;
    Node* last = tail.load(kAcquire);
    Node* expected = nullptr;
    if (!last->next.compare_exchange_strong(expected, node, kRelaxed)) abort();  // release
    tail.compare_exchange_strong(last, node, kRelaxed);                          // release
  }
  long pop() {
    Node* first = head.load(kAcquire);
    Node* next;
    while ((next = first->next.load(kAcquire)) == nullptr) sched_yield();
    return next->value;
  }
};

template <class Queue>
Queue queue;

template <class Queue>
void race() {
  runThreads([] { queue<Queue>.push(1); }, [] { USE_VALUE(queue<Queue>.pop()); });
}

int main() {
  race<SpscRing>();
  race<VyukovMpsc>();
  race<VyukovMpmc>();
  race<MichaelScott>();
}
