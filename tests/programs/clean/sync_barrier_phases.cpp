// sync_barrier_phases.cpp - a barrier used again and again between writing and reading.
// Clean: a second barrier does.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

constexpr int kThreads = 4;

pthread_barrier_t barrier;
int cells[kThreads];

int main() {
  pthread_barrier_init(&barrier, nullptr, kThreads);
  runThreadsIndexed(kThreads, [](int self) {
    for (int round = 0; round < 50; ++round) {
      cells[self] = round;
      pthread_barrier_wait(&barrier);
      for (int cell : cells)
        if (cell < round) abort();
      pthread_barrier_wait(&barrier);
    }
  });
  pthread_barrier_destroy(&barrier);
  return 0;
}
