// Home-made locks under contention: spin, ticket, MCS and CLH.
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kAcqRel = std::memory_order_acq_rel;

struct SpinLock {
  std::atomic<bool> locked{false};
  void lock() {
    while (locked.exchange(true, kAcquire)) {
      while (locked.load(kRelaxed)) sched_yield();
    }
  }
  void unlock() { locked.store(false, kRelease); }
};

struct FlagLock {
  std::atomic_flag locked = ATOMIC_FLAG_INIT;
  void lock() {
    while (locked.test_and_set(kAcquire)) locked.wait(true, kRelaxed);
  }
  void unlock() {
    locked.clear(kRelease);
    locked.notify_one();
  }
};

struct TicketLock {
  std::atomic<unsigned> next{0}, serving{0};
  void lock() {
    unsigned mine = next.fetch_add(1, kRelaxed);
    while (serving.load(kAcquire) != mine) sched_yield();
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
    if (tail.compare_exchange_strong(expected, nullptr, kRelease, kRelaxed)) return;
    while (mine.next.load(kAcquire) == nullptr) sched_yield();
    mine.next.load(kRelaxed)->waits.store(false, kRelease);
  }
};

struct ClhLock {  // a thread takes over its predecessor's node
  std::atomic<std::atomic<bool>*> tail{new std::atomic<bool>(false)};
  static inline thread_local std::atomic<bool>* mine = new std::atomic<bool>;
  static inline thread_local std::atomic<bool>* previous = nullptr;

  void lock() {
    mine->store(true, kRelaxed);
    previous = tail.exchange(mine, kAcqRel);
    while (previous->load(kAcquire)) sched_yield();
  }
  void unlock() {
    std::atomic<bool>* released = mine;
    mine = previous;
    released->store(false, kRelease);
  }
};

template <class Lock>
struct Shared {
  static inline Lock lock;
  static inline int data;
};

template <class Lock>
void contend() {
  using S = Shared<Lock>;
  runThreadsIndexed(3, [](int) {
    for (int n = 0; n < 300; n++) {
      S::lock.lock();
      S::data++;
      S::lock.unlock();
    }
  });
  if (S::data != 900) abort();
}

int main() {
  contend<SpinLock>();
  contend<FlagLock>();
  contend<TicketLock>();
  contend<McsLock>();
  contend<ClhLock>();
}
