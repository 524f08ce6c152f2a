// A block is filled, then handed to another thread through a lock; two thousand times.
#include "threads.h"

struct Job {
  int id;
  int result;
};
Job* mailbox;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

bool put(Job* job) {
  pthread_mutex_lock(&mutex);
  bool free = mailbox == nullptr;
  if (free) mailbox = job;
  pthread_mutex_unlock(&mutex);
  return free;
}
Job* take() {
  pthread_mutex_lock(&mutex);
  Job* job = mailbox;
  mailbox = nullptr;
  pthread_mutex_unlock(&mutex);
  return job;
}

int main() {
  runThreads(
      [] {
        for (int i = 0; i < 2000; i++) {
          Job* job = new Job();
          job->id = i;
          job->result = -1;
          while (!put(job)) sched_yield();
        }
      },
      [] {
        for (int i = 0; i < 2000; i++) {
          Job* job;
          while ((job = take()) == nullptr) sched_yield();
          job->result = job->id;
          delete job;
        }
      });
}
