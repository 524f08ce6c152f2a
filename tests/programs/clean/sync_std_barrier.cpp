// sync_std_barrier.cpp - std::barrier with a completion function, reused.
// Clean: there are both.
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
      barrier.arrive_and_wait();
    }
  });
  return phases >= 20 ? 0 : 1;
}
