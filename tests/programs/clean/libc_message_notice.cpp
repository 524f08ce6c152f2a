// A queue calls a function in a thread of its own for each message, and is asked anew in the
// function, as the manual shows; then notices are taken back, or given up with their queue, that
// have never come. None of them leaves anything behind. Clean: the function posts a semaphore that
// main waits for. TSan (Clang 19): crashes in the function.
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "schedule.h"

namespace {

constexpr int kMessages = 500, kTakenBack = 1500;
char name[64];
mqd_t queue;
sem_t done;
int told;

void must(bool condition) {
  if (!condition) abort();
}

void onMessage(sigval);

void askAgain() {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = onMessage;
  must(mq_notify(queue, &event) == 0);
}

void onMessage(sigval) {
  askAgain();
  char message[8];
  must(mq_receive(queue, message, sizeof message, nullptr) == 1);
  ++told;
  stepAdvance();
  sem_post(&done);
}

void openQueue() {
  mq_attr attributes{};
  attributes.mq_maxmsg = 4;
  attributes.mq_msgsize = 8;
  queue = mq_open(name, O_CREAT | O_RDWR, 0600, &attributes);
  must(queue != static_cast<mqd_t>(-1));
}

long mostMemoryKib() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace

int main() {
  snprintf(name, sizeof name, "/hindsight_notice_%d", static_cast<int>(getpid()));
  sem_init(&done, 0, 0);
  openQueue();
  askAgain();
  for (int i = 1; i <= kMessages; ++i) {
    must(mq_send(queue, "x", 1, 0) == 0);
    stepWait(i);
    sem_wait(&done);
    ++told;
  }
  must(mq_notify(queue, nullptr) == 0);
  const long before = mostMemoryKib();
  for (int i = 0; i < kTakenBack; ++i) {
    askAgain();
    if (i % 2 == 0) {
      must(mq_notify(queue, nullptr) == 0);
    } else {
      must(mq_close(queue) == 0);
      openQueue();
    }
  }
  const long grown = mostMemoryKib() - before;
  mq_unlink(name);
  must(grown < 20'000);  // a record takes 60 KiB
}
