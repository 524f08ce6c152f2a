// recycle_timeline.c - a thread goes on in the timeline of one that has ended: by that alone it knows nothing of what
// that one knew. The clean twin takes the mutex.
// EXPECT: races=1
// ENV: HINDSIGHT=stamp_chunks=8
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "schedule.h"

enum { kReleases = 200000 };  // more than all stamps

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER, both = PTHREAD_MUTEX_INITIALIZER,
                       other = PTHREAD_MUTEX_INITIALIZER;
static int x;
static long ids[2];

HINDSIGHT_TEST_UNINSTRUMENTED static void noteId(int index) { ids[index] = syscall(SYS_gettid); }

/// Waits for the end of the thread itself: the runtime has seen it then.
HINDSIGHT_TEST_UNINSTRUMENTED static void waitForEnd(int index) {
  while (syscall(SYS_tgkill, getpid(), ids[index], 0) == 0) sched_yield();
}

static void pass(pthread_mutex_t* mutex) {
  pthread_mutex_lock(mutex);
  pthread_mutex_unlock(mutex);
}

static void* first(void* unused) {
  noteId(0);
  x = 1;
  pass(&one);
  stepAdvance();
  return unused;
}

static void* second(void* unused) {
  noteId(1);
  stepWait(1);
  pass(&one);
  pass(&both);
  stepAdvance();
  return unused;
}

static void* third(void* unused) {
  USE_VALUE(x);
  return unused;
}

int main(void) {
  pthread_t threads[3];
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  stepWait(2);
  for (int i = 0; i < 2; i++) {
    pthread_detach(threads[i]);
    waitForEnd(i);
  }
  for (int i = 0; i < kReleases; i++) pass(&other);
  pthread_create(&threads[2], NULL, third, NULL);
  pthread_join(threads[2], NULL);
  return 0;
}
