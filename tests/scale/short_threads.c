// short_threads.c COUNT [detached] - that many threads, one after the other, in memory that does not grow.
//
// Each writes a variable that the ones before have written: joined, they are ordered; detached, they post a
// semaphore as their last action but for one write, which races with the same write of the next.
#include <pthread.h>
#include <semaphore.h>

#include "measure.h"

static int written;
static sem_t done;

static void* run(void* argument) {
  written++;
  if (argument != NULL) sem_post(&done);
  return NULL;
}

int main(int argc, char** argv) {
  const long count = argc > 1 ? atol(argv[1]) : 100000;
  const int detached = argc > 2 && strcmp(argv[2], "detached") == 0;
  sem_init(&done, 0, 0);
  long warm_kib = 0;
  const double start = secondsNow();
  for (long i = 0; i < count; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, detached ? &done : NULL) != 0) abort();
    if (detached) {
      pthread_detach(thread);
      while (sem_wait(&done) != 0) {
      }
    } else {
      pthread_join(thread, NULL);
    }
    if (i == count / 20) warm_kib = memoryKib("VmRSS");
  }
  const long kib = memoryKib("VmRSS");
  if (written != count) abort();
  printf("%ld short threads%s: %ld KiB after a twentieth, %ld KiB at the end, %.1f s\n", count,
         detached ? ", detached" : "", warm_kib, kib, secondsNow() - start);
  if (kib > warm_kib + warm_kib / 4 + 1024) abort();
  return 0;
}
