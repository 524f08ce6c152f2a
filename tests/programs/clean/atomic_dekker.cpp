// Mutual exclusion from sequentially consistent loads and stores alone: Dekker's and Peterson's
// algorithms, and the try-lock form of Dekker's with full fences.
#include <atomic>

#include "threads.h"

struct Dekker {
  std::atomic<bool> wants[2]{};
  std::atomic<int> turn{0};

  void lock(int me) {
    wants[me] = true;
    while (wants[1 - me]) {
      if (turn != me) {
        wants[me] = false;
        while (turn != me) sched_yield();
        wants[me] = true;
      }
      sched_yield();
    }
  }
  void unlock(int me) {
    turn = 1 - me;
    wants[me] = false;
  }
};

struct Peterson {
  std::atomic<bool> wants[2]{};
  std::atomic<int> turn{0};

  void lock(int me) {
    wants[me] = true;
    turn = 1 - me;
    while (wants[1 - me] && turn == 1 - me) sched_yield();
  }
  void unlock(int me) { wants[me] = false; }
};

template <class Lock>
struct Shared {
  static inline Lock lock;
  static inline int data;
};

template <class Lock>
void contend() {
  using S = Shared<Lock>;
  runThreadsIndexed(2, [](int i) {
    for (int n = 0; n < 300; n++) {
      S::lock.lock(i);
      S::data++;
      S::lock.unlock(i);
    }
  });
  if (S::data != 600) abort();
}

std::atomic<bool> x, y;
int once;

int main() {
  contend<Dekker>();
  contend<Peterson>();
  runThreads(  // at most one of the two sees the other's flag unset
      [] {
        x.store(true, std::memory_order_relaxed);
        std::atomic_thread_fence(std::memory_order_seq_cst);
        if (!y.load(std::memory_order_relaxed)) once++;
      },
      [] {
        y.store(true, std::memory_order_relaxed);
        std::atomic_thread_fence(std::memory_order_seq_cst);
        if (!x.load(std::memory_order_relaxed)) once++;
      });
}
