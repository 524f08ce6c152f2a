// A program that was linked against the condition variables of a C library older than 2.3.2 (their symbols have
// a version of their own). Clean: the mutex orders what the wait has waited for.
// REQUIRES: arch=x86_64
#include <pthread.h>
#include <sched.h>

__asm__(".symver oldWait, pthread_cond_wait@GLIBC_2.2.5");
__asm__(".symver oldSignal, pthread_cond_signal@GLIBC_2.2.5");
int oldWait(pthread_cond_t*, pthread_mutex_t*);
int oldSignal(pthread_cond_t*);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int waiting, ready, value;

static void* waits(void* unused) {
  pthread_mutex_lock(&mutex);
  waiting = 1;
  while (!ready) oldWait(&condition, &mutex);
  value++;
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, waits, NULL);
  pthread_mutex_lock(&mutex);
  while (!waiting) {  // it gives the mutex up in the wait only
    pthread_mutex_unlock(&mutex);
    sched_yield();
    pthread_mutex_lock(&mutex);
  }
  ready = 1;
  value++;
  oldSignal(&condition);
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, NULL);
  return 0;
}
