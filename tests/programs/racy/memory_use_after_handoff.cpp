// A block is handed to another thread through a lock; the giver goes on using it.
// EXPECT: races=1
// EXPECT: contains "fill"
#include "threads.h"

struct Job {
  int id;
  int result;
};
Job* mailbox;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void put(Job* job) {
  pthread_mutex_lock(&mutex);
  mailbox = job;
  pthread_mutex_unlock(&mutex);
}
Job* take() {
  pthread_mutex_lock(&mutex);
  Job* job = mailbox;
  pthread_mutex_unlock(&mutex);
  return job;
}
__attribute__((noinline)) void fill(Job* job) { job->result = 1; }

int main() {
  runThreads(
      [] {
        Job* job = new Job();
        job->id = 7;
        put(job);
        fill(job);  // too late
        stepAdvance();
      },
      [] {
        stepWait(1);
        Job* job = take();
        job->id = 8;
        job->result = 2;
        delete job;
      });
}
