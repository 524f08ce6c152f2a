// Epoch-based reclamation: readers say in which epoch they are, a writer raises it, waits until none
// is in an older one, and frees. Many rounds: a load without the lock once missed the order in some of 1,000.
#include <atomic>

#include "threads.h"

constexpr unsigned kIdle = ~0u;
constexpr int kReaders = 3;

struct Node {
  int value;
  int check;
};
std::atomic<Node*> current;
std::atomic<unsigned> epoch;
std::atomic<unsigned> readers[kReaders];
std::atomic<bool> stop;

void synchronize() {
  const unsigned now = epoch.fetch_add(1) + 1;
  for (auto& reader : readers)
    for (unsigned seen; (seen = reader.load()) != kIdle && seen < now;) sched_yield();
}

int main() {
  current = new Node{0, 0};
  for (auto& reader : readers) reader = kIdle;
  runThreadsIndexed(kReaders + 1, [](int i) {
    if (i < kReaders) {
      do {
        readers[i].store(epoch.load());
        for (int n = 0; n < 3; n++) {
          Node* node = current.load();
          if (node->value + node->check != 0) abort();
        }
        readers[i].store(kIdle, std::memory_order_release);
        sched_yield();
      } while (!stop.load(std::memory_order_relaxed));
      return;
    }
    for (int n = 1; n < 4000; n++) {
      Node* old = current.exchange(new Node{n, -n});
      synchronize();
      delete old;
    }
    stop.store(true, std::memory_order_relaxed);
  });
  delete current.load();
}
