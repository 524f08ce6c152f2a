// The same block is put twice into a queue, so that two threads own it.
// EXPECT: races>=1
// EXPECT: contains "process"
#include "threads.h"

int* queue[2];
int taken;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int* take() {
  pthread_mutex_lock(&mutex);
  int* job = queue[taken++];
  pthread_mutex_unlock(&mutex);
  return job;
}
__attribute__((noinline)) void process(int* job) { *job = *job * 2 + 1; }

int main() {
  int* job = new int(1);
  queue[0] = job;
  queue[1] = job;  // the mistake
  runThreads(
      [] {
        int* mine = take();
        barrierUninstrumented(2);
        process(mine);
        stepAdvance();
      },
      [] {
        int* mine = take();
        barrierUninstrumented(2);
        stepWait(1);
        process(mine);
      });
  delete job;
}
