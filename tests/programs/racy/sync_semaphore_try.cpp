// sync_semaphore_try.cpp - sem_trywait, sem_timedwait and sem_clockwait.
// Racy: waits that fail order nothing.
#include <errno.h>
#include <semaphore.h>
#include <time.h>

#include "schedule.h"
#include "threads.h"

sem_t semaphores[3];
int values[3];

int main() {
  for (sem_t& semaphore : semaphores) sem_init(&semaphore, 0, 0);
  runThreads(
      [] {
        for (int i = 0; i < 3; ++i) {
          values[i] = 1;
          sem_post(&semaphores[i]);
          sem_wait(&semaphores[i]);
        }
        stepAdvance();
      },
      [] {
        stepWait(1);
        timespec real_time, monotonic;
        clock_gettime(CLOCK_REALTIME, &real_time);
        clock_gettime(CLOCK_MONOTONIC, &monotonic);
        const int tried = sem_trywait(&semaphores[0]);
        if (tried != 0 && errno != EAGAIN) abort();
        const int timed = sem_timedwait(&semaphores[1], &real_time);
        if (timed != 0 && errno != ETIMEDOUT) abort();
        const int clocked = sem_clockwait(&semaphores[2], CLOCK_MONOTONIC, &monotonic);
        if (clocked != 0 && errno != ETIMEDOUT) abort();
        if (tried + timed + clocked != -3) abort();
        for (int value : values)
          if (value != 1) abort();
      });
  for (sem_t& semaphore : semaphores) sem_destroy(&semaphore);
  return 0;
}
