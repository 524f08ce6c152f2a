// Locks that may be taken again, tried again, or that tell by an error that they are held already.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

static void makeMutex(pthread_mutex_t* mutex, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, type);
  pthread_mutex_init(mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

int main(void) {
  pthread_mutex_t recursive, checking, normal = PTHREAD_MUTEX_INITIALIZER;
  makeMutex(&recursive, PTHREAD_MUTEX_RECURSIVE);
  for (int i = 0; i < 3; i++) pthread_mutex_lock(&recursive);
  for (int i = 0; i < 3; i++) pthread_mutex_unlock(&recursive);
  pthread_mutex_destroy(&recursive);

  makeMutex(&checking, PTHREAD_MUTEX_ERRORCHECK);
  if (pthread_mutex_unlock(&checking) != EPERM) abort();
  pthread_mutex_lock(&checking);
  if (pthread_mutex_lock(&checking) != EDEADLK) abort();
  pthread_mutex_unlock(&checking);
  pthread_mutex_destroy(&checking);

  pthread_mutex_lock(&normal);
  if (pthread_mutex_trylock(&normal) != EBUSY) abort();
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  if (pthread_mutex_timedlock(&normal, &soon) != ETIMEDOUT) abort();
  pthread_mutex_unlock(&normal);
  pthread_mutex_destroy(&normal);
  return 0;
}
