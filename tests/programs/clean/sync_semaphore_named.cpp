// sync_semaphore_named.cpp - a semaphore of sem_open, opened twice.
// Clean: the write comes before the post.
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

int value;

int main() {
  char name[64];
  snprintf(name, sizeof name, "/hindsight-test-%d", static_cast<int>(getpid()));
  sem_t* semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
  sem_t* again = sem_open(name, 0);
  sem_unlink(name);
  if (semaphore == SEM_FAILED || semaphore != again) return 1;
  sem_close(again);
  runThreads(
      [=] {
        value = 1;
        sem_post(semaphore);
        stepAdvance();
      },
      [=] {
        sem_wait(semaphore);
        stepWait(1);
        if (value != 1) abort();
      });
  sem_close(semaphore);
  return 0;
}
