// libc_message_queue.cpp - data is written after the message that announces it.
// Racy: only what precedes the msgsnd is ordered before the msgrcv.
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>

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

int data;

int main() {
  queue = msgget(IPC_PRIVATE, 0600);
  must(queue >= 0);
  runThreads(
      [] {
        sendOne();
        data = 1;
        stepAdvance();
      },
      [] {
        receiveOne();
        stepWait(1);
        USE_VALUE(data);
      });
  return 0;
}
