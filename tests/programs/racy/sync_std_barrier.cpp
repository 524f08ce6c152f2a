// sync_std_barrier.cpp - std::barrier with a completion function, reused.
// Racy: there is one barrier between writing and reading, none between reading and writing.
#include <barrier>

#include "schedule.h"
#include "threads.h"

constexpr int kThreads = 3;

int cells[kThreads];
int phases;

struct CountPhase {
  void operator()() noexcept { ++phases; }
};

std::barrier<CountPhase> barrier(kThreads);

int main() {
  runThreadsIndexed(kThreads, [](int self) {
    for (int round = 0; round < 20; ++round) {
      cells[self] = round;
      barrier.arrive_and_wait();
      for (int cell : cells)
        if (cell < round || phases < round) abort();
    }
  });
  return phases >= 20 ? 0 : 1;
}
