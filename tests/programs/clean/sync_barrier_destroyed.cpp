// sync_barrier_destroyed.cpp - the serial thread destroys and frees a barrier at once, while the
// others are still on their way out.
// Clean: their departures are ordered all the same.
// TSan: false report.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

constexpr int kThreads = 3;

struct Round {
  pthread_barrier_t barrier;
};

Round* rounds[200];
int cells[kThreads];

int main() {
  for (Round*& round : rounds) {
    round = new Round;
    pthread_barrier_init(&round->barrier, nullptr, kThreads);
  }
  runThreadsIndexed(kThreads, [](int self) {
    for (int i = 0; i < 200; i += 2) {
      cells[self] = i;
      for (int half = 0; half < 2; ++half) {
        Round* round = rounds[i + half];
        if (pthread_barrier_wait(&round->barrier) == PTHREAD_BARRIER_SERIAL_THREAD) {
          pthread_barrier_destroy(&round->barrier);
          delete round;
        }
        if (half == 0)
          for (int cell : cells)
            if (cell != i) abort();
      }
    }
  });
  return 0;
}
