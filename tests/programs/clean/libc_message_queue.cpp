// libc_message_queue.cpp - a System V message announces data.
// Clean: msgsnd -> the msgrcv that takes it.
// TSan: false report
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
        data = 1;
        sendOne();
      },
      [] {
        receiveOne();
        USE_VALUE(data);
      });
  return 0;
}
