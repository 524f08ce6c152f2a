// Threads that end and are neither joined nor detached: each place that creates them is reported, once.
// EXPECT: reports=2
// EXPECT: contains "WARNING: THREAD LEAK"
// EXPECT: at=FIRST
// EXPECT: at=SECOND
#include <dirent.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

#include "schedule.h"

HINDSIGHT_TEST_UNINSTRUMENTED static int countThreads(void) {
  DIR* tasks = opendir("/proc/self/task");
  int count = -2;
  while (readdir(tasks) != NULL) count++;
  closedir(tasks);
  return count;
}

static void* nothing(void* unused) { return unused; }

int main(void) {
  pthread_t thread;
  for (int i = 0; i < 3; i++) pthread_create(&thread, NULL, nothing, NULL); // at: FIRST
  pthread_create(&thread, NULL, nothing, NULL); // at: SECOND
  struct timespec moment = {0, 1000000};
  // They must have ended: their number is what /proc says.
  while (countThreads() != 1) nanosleep(&moment, NULL);
  return 0;
}
