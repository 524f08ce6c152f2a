// A handler runs while its thread waits for a mutex, for a semaphore, in sigsuspend and in read: neither the thread nor the
// detector hangs, and what it does belongs to the thread.
// Racy: the handler's writes are not ordered before the reads of the thread that sends the signals.
// EXPECT: races>=1
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t semaphore;
static int ends[2];
static int handled;
static struct StepCounter handlers, rounds;

static void onSignal(int signal) {
  (void)signal;
  handled++;
  stepCounterAdvance(&handlers);
}

static void* waitFor(void* unused) {
  stepCounterAdvance(&rounds);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  stepCounterAdvance(&rounds);
  while (sem_wait(&semaphore) != 0 && errno == EINTR) {
  }
  stepCounterAdvance(&rounds);
  char byte;
  while (read(ends[0], &byte, 1) < 0 && errno == EINTR) {
  }
  sigset_t blocked, none;
  sigemptyset(&none);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &blocked, NULL);
  stepCounterAdvance(&rounds);
  sigsuspend(&none);
  return unused;
}

static int seen(void) {
  return handled;
}

int main(void) {
  struct sigaction action = {.sa_handler = onSignal, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  sem_init(&semaphore, 0, 0);
  if (pipe(ends) != 0) abort();
  pthread_mutex_lock(&mutex);
  pthread_t thread;
  pthread_create(&thread, NULL, waitFor, NULL);
  for (int round = 1; round <= 4; round++) {
    stepCounterWait(&rounds, round);
    for (int i = 0; i < 20 && round < 4; i++) {
      const int before = stepCounterRead(&handlers);
      pthread_kill(thread, SIGUSR1);
      stepCounterWait(&handlers, before + 1);
    }
    if (round == 1) {
      if (seen() == 0) abort();
      pthread_mutex_unlock(&mutex);
    }
    if (round == 2) sem_post(&semaphore);
    if (round == 3 && write(ends[1], "x", 1) != 1) abort();
    if (round == 4) pthread_kill(thread, SIGUSR1);
  }
  pthread_join(thread, NULL);
  return seen() == 61 ? 0 : 1;
}
