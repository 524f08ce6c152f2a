// sync_barrier_more_threads.cpp - six threads meet at a barrier for two, whoever comes next.
// Clean: threads touch nothing but what they own; it must end and be silent.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_barrier_t barrier;
StepCounter meetings;

int main() {
  pthread_barrier_init(&barrier, nullptr, 2);
  runThreadsIndexed(6, [](int) {
    while (stepCounterAdvance(&meetings) <= 1000) pthread_barrier_wait(&barrier);
  });
  pthread_barrier_destroy(&barrier);
  return 0;
}
