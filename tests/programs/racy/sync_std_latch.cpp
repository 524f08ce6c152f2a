// sync_std_latch.cpp - std::latch: every count_down happens before every wait that returns.
// Racy: one thread writes after its count_down.
#include <latch>

#include "schedule.h"
#include "threads.h"

std::latch latch(2);
int cells[2];

int main() {
  runThreads(
      [] {
        cells[0] = 1;
        latch.count_down();
      },
      [] {
        latch.arrive_and_wait();
        cells[1] = 1;
        if (cells[0] != 1) abort();
      },
      [] {
        latch.wait();
        if (cells[0] != 1 || cells[1] > 1) abort();
      });
  return 0;
}
