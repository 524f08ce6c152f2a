// Handlers on the interrupted thread see and change its own data without a race, also when they
// interrupt allocation, locks and each other.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "schedule.h"

static _Thread_local int own_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int under_lock;
static pthread_t workers[2];

static void onSignal(int number, siginfo_t* info, void* context) {
  (void)info, (void)context;
  own_count += number == SIGUSR1 ? 1 : 2;
  if (number == SIGUSR1) raise(SIGUSR2);
}
static void* worker(void* unused) {
  for (int i = 0; i < 1000; i++) {
    char* block = malloc(64);
    memset(block, i, 64);
    free(block);
    pthread_mutex_lock(&mutex);
    under_lock++;
    pthread_mutex_unlock(&mutex);
    own_count++;
  }
  barrierUninstrumented(3);
  return unused;
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = onSignal;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGUSR2, &action, NULL);
  for (int i = 0; i < 2; i++) pthread_create(&workers[i], NULL, worker, NULL);
  for (int n = 0; n < 200; n++) {
    pthread_kill(workers[n % 2], SIGUSR1);
    sched_yield();
  }
  barrierUninstrumented(3);
  for (int i = 0; i < 2; i++) pthread_join(workers[i], NULL);
  return 0;
}
