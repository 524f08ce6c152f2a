// sync_semaphore_as_mutex.cpp - a semaphore as a lock.
// Clean: it lets one thread in.
#include <semaphore.h>

#include "schedule.h"
#include "threads.h"

sem_t semaphore;
int value;

void section() {
  sem_wait(&semaphore);
  ++value;
  sem_post(&semaphore);
}

int main() {
  sem_init(&semaphore, 0, 1);
  runThreads(section, section);
  return 0;
}
