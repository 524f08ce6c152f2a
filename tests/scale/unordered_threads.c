// unordered_threads.c COUNT - that many threads, each of which writes a word of its own and ends without
// anybody being ordered after it.
//
// Each holds its place in the clocks for as long as what it wrote can race. When there are no more places,
// the program goes on, and the races of the newest threads are still found.
#include <pthread.h>

#include "measure.h"

static int* words;
static int ended;

UNSEEN static void end(void) { __atomic_add_fetch(&ended, 1, __ATOMIC_SEQ_CST); }
UNSEEN static void awaitEnded(int count) {
  while (__atomic_load_n(&ended, __ATOMIC_SEQ_CST) < count) sched_yield();
}

static void* run(void* word) {
  *(int*)word = 1;
  end();
  return NULL;
}

int main(int argc, char** argv) {
  const int count = argc > 1 ? atoi(argv[1]) : 20000;
  words = calloc((size_t)count, sizeof *words);
  const double start = secondsNow();
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&detached, 64 * 1024);
  for (int i = 0; i < count; i++) {
    pthread_t thread;
    if (pthread_create(&thread, &detached, run, &words[i]) != 0) abort();
    awaitEnded(i + 1);
  }
  words[count - 1]++;
  words[count - 100]++;
  printf("%d threads that nobody is ordered after: %ld KiB, %.1f s\n", count, memoryKib("VmHWM"),
         secondsNow() - start);
  return 0;
}
