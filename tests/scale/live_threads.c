// live_threads.c COUNT - that many threads are alive at the same time, and each has seen every other one.
//
// They synchronise in pairs of neighbours by a mutex, all of them by a read-write lock, and write a variable of
// their own, which the main thread reads after their end: no race. Then the first and the last of them
// race on one variable, and each with the main thread on another: three races.
#include <pthread.h>

#include "measure.h"

enum { kMost = 20000 };
static pthread_mutex_t between[kMost + 1];
static pthread_rwlock_t all = PTHREAD_RWLOCK_INITIALIZER;
static int shared[kMost + 1], own[kMost], written_by_all;
static int racing, racing_first, racing_last;
static int count;
static struct Meeting started, finished;

static void* run(void* argument) {
  const int me = (int)(long)argument;
  arrive(&started, count);
  awaitAll(&started);  // all of them are alive
  own[me] = me;
  for (int side = 0; side < 2; side++) {
    pthread_mutex_lock(&between[me + side]);
    shared[me + side]++;
    pthread_mutex_unlock(&between[me + side]);
  }
  pthread_rwlock_wrlock(&all);
  written_by_all++;
  pthread_rwlock_unlock(&all);
  pthread_rwlock_rdlock(&all);
  if (written_by_all == 0) abort();
  pthread_rwlock_unlock(&all);
  if (me == 0) racing = racing_first = 1;
  if (me == count - 1) racing = racing_last = 2;
  arrive(&finished, count);
  awaitAll(&finished);
  return NULL;
}

int main(int argc, char** argv) {
  count = argc > 1 ? atoi(argv[1]) : 8000;
  pthread_t* threads = malloc(sizeof(pthread_t) * (size_t)count);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 * 1024);
  for (int i = 0; i <= count; i++) pthread_mutex_init(&between[i], NULL);
  const double start = secondsNow();
  for (int i = 0; i < count; i++)
    if (pthread_create(&threads[i], &attributes, run, (void*)(long)i) != 0) {
      printf("no thread %d here\n", i);
      exit(77);
    }
  const double created = secondsNow();
  awaitAll(&finished);
  const double met = secondsNow();
  const long kib = memoryKib("VmRSS");
  if (racing_first + racing_last != 3) abort();
  long sum = 0;
  for (int i = 0; i < count; i++) {
    pthread_join(threads[i], NULL);
    sum += own[i];
  }
  if (sum != (long)count * (count - 1) / 2 || written_by_all != count) abort();
  KEEP(racing);
  printf("%d live threads: %ld MiB, created in %.1f s, met in %.1f s, joined in %.1f s\n", count, kib / 1024,
         created - start, met - created, secondsNow() - met);
  free(threads);
  return 0;
}
