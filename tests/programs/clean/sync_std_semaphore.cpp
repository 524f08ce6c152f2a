// sync_std_semaphore.cpp - std::counting_semaphore and std::binary_semaphore.
// Clean: the write comes before the release.
#include <chrono>
#include <semaphore>

#include "schedule.h"
#include "threads.h"

std::binary_semaphore binary(0);
std::counting_semaphore<8> counting(0);
int value;

int main() {
  runThreads(
      [] {
        value = 1;
        counting.release(3);
        binary.release();
        stepAdvance();
      },
      [] {
        binary.acquire();
        if (!counting.try_acquire_for(std::chrono::seconds(60))) abort();
        if (!counting.try_acquire()) abort();
        stepWait(1);
        if (value != 1) abort();
      });
  return 0;
}
