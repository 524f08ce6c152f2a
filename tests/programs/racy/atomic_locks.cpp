// Home-made locks with one order too weak: the unlock of a spin lock, the lock of a ticket lock,
// the hand-over of an MCS lock, the wait of a CLH lock.
// EXPECT: races=4
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kAcqRel = std::memory_order_acq_rel;

struct SpinLock {
  std::atomic<bool> locked{false};
  void lock() {
    while (locked.exchange(true, kAcquire)) sched_yield();
  }
  void unlock() { locked.store(false, kRelaxed); }  // should be release
};

struct TicketLock {
  std::atomic<unsigned> next{0}, serving{0};
  void lock() {
    unsigned mine = next.fetch_add(1, kRelaxed);
    while (serving.load(kRelaxed) != mine) sched_yield();  // should be acquire
  }
  void unlock() { serving.store(serving.load(kRelaxed) + 1, kRelease); }
};

struct McsNode {
  std::atomic<McsNode*> next{nullptr};
  std::atomic<bool> waits{false};
};
struct McsLock {
  using Node = McsNode;
  std::atomic<Node*> tail{nullptr};
  static inline thread_local Node mine;

  void lock() {
    mine.next.store(nullptr, kRelaxed);
    mine.waits.store(true, kRelaxed);
    Node* previous = tail.exchange(&mine, kAcqRel);
    if (previous == nullptr) return;
    previous->next.store(&mine, kRelease);
    while (mine.waits.load(kAcquire)) sched_yield();
  }
  void unlock() {
    Node* expected = &mine;
    if (tail.compare_exchange_strong(expected, nullptr, kRelaxed)) return;  // should be release
    while (mine.next.load(kAcquire) == nullptr) sched_yield();
    mine.next.load(kAcquire)->waits.store(false, kRelease);
  }
};

struct ClhLock {
  std::atomic<std::atomic<bool>*> tail{nullptr};
  std::atomic<bool> nodes[3]{};
  std::atomic<int> used{0};
  ClhLock() { tail = &nodes[2]; }

  std::atomic<bool>* lock() {
    std::atomic<bool>* mine = &nodes[used.fetch_add(1, kRelaxed)];
    mine->store(true, kRelaxed);
    std::atomic<bool>* previous = tail.exchange(mine, kRelaxed);  // should be acq_rel
    while (previous->load(kRelaxed)) sched_yield();               // should be acquire
    return mine;
  }
  void unlock(std::atomic<bool>* mine) { mine->store(false, kRelease); }
};

template <class Lock>
struct Shared {
  static inline Lock lock;
  static inline int data;
};

template <class Lock>
void lockAndWrite() {
  using S = Shared<Lock>;
  if constexpr (requires(Lock lock) { lock.unlock(); }) {
    S::lock.lock();
    S::data = 1;
    S::lock.unlock();
  } else {
    auto* node = S::lock.lock();
    S::data = 1;
    S::lock.unlock(node);
  }
}

template <class Lock>
void race() {
  runUnordered([] { lockAndWrite<Lock>(); }, [] { lockAndWrite<Lock>(); });
}

int main() {
  race<SpinLock>();
  race<TicketLock>();
  race<McsLock>();
  race<ClhLock>();
}
