// A process forks by syscall() while another of its threads is inside the detector as often as not: the children do not
// wait for what that thread had begun.
// Clean: each child has one thread, and joins the second.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schedule.h"

static int ends; /* atomic */
static int table[4096];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, mutex_of_child = PTHREAD_MUTEX_INITIALIZER;

static void* work(void* unused) {
  while (!__atomic_load_n(&ends, __ATOMIC_RELAXED)) {
    for (int i = 0; i < 4096; i += 16) {
      pthread_mutex_lock(&mutex);
      table[i]++;
      pthread_mutex_unlock(&mutex);
    }
  }
  return unused;
}

static void* workInChild(void* unused) {
  for (int i = 1; i < 4096; i += 16) {
    pthread_mutex_lock(&mutex_of_child);
    table[i]++;
    pthread_mutex_unlock(&mutex_of_child);
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  for (int i = 0; i < 40; i++) {
    const pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    if (pid == 0) {
      pthread_t second;
      pthread_create(&second, NULL, workInChild, NULL);
      workInChild(NULL);
      pthread_join(second, NULL);
      _exit(0);
    }
    int status;
    if (waitpid(pid, &status, 0) != pid || status != 0) abort();
  }
  __atomic_store_n(&ends, 1, __ATOMIC_RELAXED);
  pthread_join(thread, NULL);
  return 0;
}
