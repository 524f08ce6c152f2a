// Rules of message queues, semaphores and shared memory of both kinds.
#include "intercept/real_calls.h"

#include <sys/syscall.h>

#include "intercept/kernel_rules.h"
#include "intercept/mapping.h"
#include "intercept/message_queue.h"
#include "sync/sync.h"

namespace hindsight {
namespace {

// POSIX message queues

void openQueueStarts(InterceptedCall& call, KernelCall& made) {
  if ((made.at[1] & O_CREAT) != 0) readsObject(call, pointer<mq_attr>(made.at[3]));
}

void openQueueDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result >= 0) readsText(call, pointer<char>(made.at[0]));
  opened(call, made, result);
}

constexpr KernelRule kOpenQueue{openQueueStarts, openQueueDone};

void sendStarts(InterceptedCall& call, KernelCall& made) {
  readsObject(call, pointer<timespec>(made.at[4]));
  readsBytes(call, pointer<void>(made.at[1]), size(made.at[2]));
  release(call.thread(), queueChannel(firstFd(made)));
}

constexpr KernelRule kSend{sendStarts, nothingAfter};

void receiveStarts(InterceptedCall& call, KernelCall& made) {
  readsObject(call, pointer<timespec>(made.at[4]));
}

void receiveDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result < 0) return;
  acquire(call.thread(), queueChannel(firstFd(made)));
  writesBytes(call, pointer<void>(made.at[1]), size(result));
  writesObject(call, pointer<unsigned>(made.at[3]));
}

constexpr KernelRule kReceive{receiveStarts, receiveDone};

// System V message queues: the message starts with its type, a long that the size does not count.

void putStarts(InterceptedCall& call, KernelCall& made) {
  readsBytes(call, pointer<void>(made.at[1]), sizeof(long) + size(made.at[2]));
  release(call.thread(), systemVQueueChannel(number(made.at[0])));
}

constexpr KernelRule kPut{putStarts, nothingAfter};

void takeDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result < 0) return;
  acquire(call.thread(), systemVQueueChannel(number(made.at[0])));
  writesBytes(call, pointer<void>(made.at[1]), sizeof(long) + size(result));
}

constexpr KernelRule kTake{nothing, takeDone};

// Control

template <class Info>
void controlStarts(InterceptedCall& call, KernelCall& made) {
  if (made.at[1] == IPC_SET) readsObject(call, pointer<Info>(made.at[2]));
}

template <class Info, int kOther>
void controlDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result >= 0 && (made.at[1] == IPC_STAT || made.at[1] == kOther))
    writesObject(call, pointer<Info>(made.at[2]));
}

constexpr KernelRule kControlQueue{controlStarts<msqid_ds>, controlDone<msqid_ds, MSG_STAT>},
    kControlMemory{controlStarts<shmid_ds>, controlDone<shmid_ds, SHM_STAT>};

// System V semaphores

void operateStarts(InterceptedCall& call, KernelCall& made) {
  made.room =
      operationsStart(call, number(made.at[0]), pointer<sembuf>(made.at[1]), size(made.at[2]));
}

void operateUntilStarts(InterceptedCall& call, KernelCall& made) {
  readsObject(call, pointer<timespec>(made.at[3]));
  operateStarts(call, made);
}

void operated(InterceptedCall& call, const KernelCall& made, long result) {
  if (result == 0) operationsDone(call, number(made.at[0]), made.room);
}

constexpr KernelRule kOperate{operateStarts, operated}, kOperateUntil{operateUntilStarts, operated};

/// Bytes of the values of the set's semaphores.
size_t valueBytes(const KernelCall& made) {
  semid_ds info{};
  const bool exists = real.semctl(number(made.at[0]), 0, IPC_STAT, &info) == 0;
  return exists ? info.sem_nsems * sizeof(unsigned short) : 0;
}

void controlSetStarts(InterceptedCall& call, KernelCall& made) {
  const long command = made.at[2];
  const void* const argument = pointer<void>(made.at[3]);
  if (command == SETALL) readsBytes(call, argument, valueBytes(made));
  if (command == IPC_SET) readsBytes(call, argument, sizeof(semid_ds));
  if (command == SETVAL || command == SETALL) semaphoreSet(call.thread(), number(made.at[0]));
}

void controlSetDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result < 0) return;
  const long command = made.at[2];
  const void* const argument = pointer<void>(made.at[3]);
  if (command == GETALL) writesBytes(call, argument, valueBytes(made));
  if (command == IPC_STAT || command == SEM_STAT) writesBytes(call, argument, sizeof(semid_ds));
  if (command == IPC_INFO || command == SEM_INFO) writesBytes(call, argument, sizeof(seminfo));
  if (command == GETVAL || command == GETALL) semaphoreAsked(call.thread(), number(made.at[0]));
}

constexpr KernelRule kControlSet{controlSetStarts, controlSetDone};

// System V shared memory

void attachDone(InterceptedCall&, const KernelCall& made, long result) {
  if (!syscallFailed(result)) segmentAttached(number(made.at[0]), pointer<void>(result));
}

constexpr KernelRule kAttach{nothing, attachDone};

void detachStarts(InterceptedCall& call, KernelCall& made) {
  segmentDetaching(call, pointer<void>(made.at[0]));
}

constexpr KernelRule kDetach{detachStarts, nothingAfter};

}  // namespace

const KernelRule* kernelQueueRule(long number) {
  switch (number) {
    case SYS_mq_open: return &kOpenQueue;
    case SYS_mq_timedsend: return &kSend;
    case SYS_mq_timedreceive: return &kReceive;
    case SYS_msgsnd: return &kPut;
    case SYS_msgrcv: return &kTake;
    case SYS_msgctl: return &kControlQueue;
    case SYS_semop: return &kOperate;
    case SYS_semtimedop: return &kOperateUntil;
    case SYS_semctl: return &kControlSet;
    case SYS_shmctl: return &kControlMemory;
    case SYS_shmat: return &kAttach;
    case SYS_shmdt: return &kDetach;
    default: return nullptr;
  }
}

}  // namespace hindsight
