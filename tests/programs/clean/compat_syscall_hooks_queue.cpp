// compat_syscall_hooks_queue.cpp - message queues, semaphores and pipes by calls of the program's own, that it tells of.
// Clean: what precedes msgsnd, semop and write happens before what follows msgrcv, semop and splice.
// REQUIRES: arch=x86_64
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

#include "kernel_call.h"

struct Message {
  long type;
  char text[8];
};

int queue, semaphore, first[2], second[2];
Message sent = {1, "hello"}, received;
int by_message, by_semaphore, by_splice;
char byte_sent, byte_received;

long changeBy(short by) {
  sembuf operation = {0, by, 0};
  return HOOKED(semop, SYS_semop, semaphore, &operation, 1);
}

void give() {
  by_message = 1;
  must(HOOKED(msgsnd, SYS_msgsnd, queue, &sent, sizeof sent.text, 0) == 0);
  by_semaphore = 1;
  must(changeBy(1) == 0);
  by_splice = 1;
  must(HOOKED(write, SYS_write, first[1], &byte_sent, 1) == 1);
}

void take() {
  must(HOOKED(msgrcv, SYS_msgrcv, queue, &received, sizeof received.text, 0, 0) == sizeof sent.text);
  USE_VALUE(by_message);
  must(changeBy(-1) == 0);
  USE_VALUE(by_semaphore);
  must(HOOKED(splice, SYS_splice, first[0], nullptr, second[1], nullptr, 1, 0) == 1);
  must(read(second[0], &byte_received, 1) == 1);
  USE_VALUE(by_splice);
}

/// A copy of the process goes on by itself, with one thread.
void copyProcess() {
  __sanitizer_syscall_pre_fork();
  const long child = kernel(SYS_fork);
  __sanitizer_syscall_post_fork(child);
  if (child == 0) {
    by_message = 2;
    _exit(0);
  }
  int status;
  must(HOOKED(wait4, SYS_wait4, child, &status, 0, nullptr) == child);
  must(status == 0);
}

int main() {
  queue = msgget(IPC_PRIVATE, 0600);
  semaphore = semget(IPC_PRIVATE, 1, 0600);
  must(queue >= 0 && semaphore >= 0 && pipe(first) == 0 && pipe(second) == 0);
  runThreads(give, take);
  msgctl(queue, IPC_RMID, nullptr);
  semctl(semaphore, 0, IPC_RMID);
  copyProcess();
  return 0;
}
