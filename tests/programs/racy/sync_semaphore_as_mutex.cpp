// sync_semaphore_as_mutex.cpp - a semaphore as a lock.
// Racy: it lets two threads in.
// EXPECT: races>=1
#include <semaphore.h>

#include "schedule.h"
#include "threads.h"

sem_t semaphore;
int value;

void section() {
  sem_wait(&semaphore);
  ++value;
  barrierUninstrumented(2);
  sem_post(&semaphore);
}

int main() {
  sem_init(&semaphore, 0, 2);
  runThreads(section, section);
  return 0;
}
