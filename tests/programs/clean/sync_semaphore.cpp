// sync_semaphore.cpp - sem_post happens before the sem_wait that it lets through.
// Clean: the write comes before the post.
#include <semaphore.h>

#include "schedule.h"
#include "threads.h"

sem_t semaphore;
int value;

int main() {
  sem_init(&semaphore, 0, 0);
  runThreads(
      [] {
        value = 1;
        sem_post(&semaphore);
        stepAdvance();
      },
      [] {
        sem_wait(&semaphore);
        stepWait(1);
        if (value != 1) abort();
      });
  sem_destroy(&semaphore);
  return 0;
}
