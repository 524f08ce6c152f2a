// many_releases.c COUNT - races across that many releases are found, and what is ordered stays so.
//
// Two threads write `before`, one before all the releases and one after them, without order: a race, although
// the stamps of the first write's epoch have been used up since. `after` is written by both at the end: a
// race. `ordered` is handed on by a semaphore from before the releases: none.
#include <pthread.h>
#include <semaphore.h>

#include "measure.h"

static int before, after, ordered;
static int counters[4];
static sem_t handed_on;
static long count;
static struct Meeting first_is_done;

static void* releases(void* argument) {
  int* counter = argument;
  for (long i = 0; i < count / 4; i++) __atomic_fetch_add(counter, 1, __ATOMIC_RELEASE);
  return NULL;
}

static void* first(void* unused) {
  (void)unused;
  before = 1;
  ordered = 1;
  sem_post(&handed_on);
  releases(&counters[0]);
  after = 1;
  arrive(&first_is_done, 1);
  return NULL;
}

static void* second(void* unused) {
  (void)unused;
  while (sem_wait(&handed_on) != 0) {
  }
  releases(&counters[1]);
  awaitAll(&first_is_done);
  ordered = 2;
  after = 2;
  return NULL;
}

static void* third(void* unused) {
  (void)unused;
  releases(&counters[2]);
  awaitAll(&first_is_done);
  before = 2;
  return NULL;
}

int main(int argc, char** argv) {
  count = argc > 1 ? atol(argv[1]) : 10000000;
  sem_init(&handed_on, 0, 0);
  const double start = secondsNow();
  pthread_t threads[3];
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  pthread_create(&threads[2], NULL, third, NULL);
  releases(&counters[3]);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  KEEP(before);
  KEEP(after);
  KEEP(ordered);
  printf("%ld releases: %.1f s, at most %ld MiB\n", count, secondsNow() - start, memoryKib("VmHWM") / 1024);
  return 0;
}
