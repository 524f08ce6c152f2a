// libc_message_queue.cpp - a System V message announces data, and so does asking a queue for a signal.
// Clean: msgsnd -> the msgrcv that takes it; mq_notify -> who takes the signal.
// TSan: false report
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

struct Message {
  long type;
  int content;
};
int queue;

void sendOne() {
  Message message = {1, 2};
  must(msgsnd(queue, &message, sizeof message.content, 0) == 0);
}

void receiveOne() {
  Message message;
  must(msgrcv(queue, &message, sizeof message.content, 0, 0) == sizeof message.content);
  must(msgctl(queue, IPC_RMID, nullptr) == 0);
}

int data, announced;

void askForSignal() {
  char name[64];
  snprintf(name, sizeof name, "/hindsight_message_queue_%d", static_cast<int>(getpid()));
  mq_attr attributes{};
  attributes.mq_maxmsg = 1;
  attributes.mq_msgsize = 8;
  const mqd_t own = mq_open(name, O_CREAT | O_RDWR, 0600, &attributes);
  must(own >= 0);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGUSR1;
  must(mq_notify(own, &event) == 0);
  must(mq_send(own, "x", 1, 0) == 0);
  mq_close(own);
  mq_unlink(name);
}

int main() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  runThreads(
      [] {
        announced = 1;
        askForSignal();
      },
      [&signals] {
        must(sigwaitinfo(&signals, nullptr) == SIGUSR1);
        announced = 2;
      });
  queue = msgget(IPC_PRIVATE, 0600);
  must(queue >= 0);
  runThreads(
      [] {
        data = 1;
        sendOne();
      },
      [] {
        receiveOne();
        USE_VALUE(data);
      });
  return 0;
}
