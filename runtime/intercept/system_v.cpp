// system_v.cpp - System V semaphores and control of shared memory and message queues.
//
// Raising a semaphore happens before the operation that it lets through (message_queue.h).
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/message_queue.h"
#include "intercept/timer.h"
#include "intercept/uniform.h"

#include <sys/shm.h>

using namespace hindsight;

namespace {

template <class RealCall>
int operate(uptr pc, int set, const sembuf* operations, size_t count, const timespec* timeout,
            RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  readsObject(call, timeout);
  const unsigned use = operationsStart(call, set, operations, count);
  const int result = call.blocking(real_call);
  if (result == 0) operationsDone(call, set, use);
  return result;
}

}  // namespace

HINDSIGHT_INTERCEPTOR int semop(int semid, struct sembuf* sops, size_t nsops) noexcept {
  return operate(HINDSIGHT_CALLER_PC, semid, sops, nsops, nullptr,
                 [=] { return real.semop(semid, sops, nsops); });
}

HINDSIGHT_INTERCEPTOR int semtimedop(int semid, struct sembuf* sops, size_t nsops,
                                     const struct timespec* timeout) noexcept {
  return operate(HINDSIGHT_CALLER_PC, semid, sops, nsops, timeout,
                 [=] { return real.semtimedop(semid, sops, nsops, timeout); });
}

HINDSIGHT_INTERCEPTOR int semctl(int set, int number, int command, ...) noexcept {
  va_list list;
  va_start(list, command);
  void* const argument = va_arg(list, void*);  // a union of an int and pointers
  va_end(list);
  const auto members = [=] {
    semid_ds info{};
    return real.semctl(set, 0, IPC_STAT, &info) == 0 ? info.sem_nsems : 0;
  };
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.semctl(set, number, command, argument); },
      [=](InterceptedCall& call) {
        if (command == SETALL) readsBytes(call, argument, members() * sizeof(unsigned short));
        if (command == IPC_SET) readsBytes(call, argument, sizeof(semid_ds));
        if (command == SETVAL || command == SETALL) semaphoreSet(call.thread(), set);
      },
      [=](InterceptedCall& call, int result) {
        if (result < 0) return;
        if (command == GETALL) writesBytes(call, argument, members() * sizeof(unsigned short));
        if (command == IPC_STAT || command == SEM_STAT)
          writesBytes(call, argument, sizeof(semid_ds));
        if (command == IPC_INFO || command == SEM_INFO)
          writesBytes(call, argument, sizeof(seminfo));
        if (command == GETVAL || command == GETALL) semaphoreAsked(call.thread(), set);
      });
}

HINDSIGHT_INTERCEPTOR int msgctl(int msqid, int cmd, struct msqid_ds* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.msgctl(msqid, cmd, buf); },
      [=](InterceptedCall& call) {
        if (cmd == IPC_SET) readsObject(call, buf);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0)
          if (cmd == IPC_STAT || cmd == MSG_STAT) writesObject(call, buf);
      });
}

HINDSIGHT_INTERCEPTOR int shmctl(int shmid, int cmd, struct shmid_ds* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.shmctl(shmid, cmd, buf); },
      [=](InterceptedCall& call) {
        if (cmd == IPC_SET) readsObject(call, buf);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0)
          if (cmd == IPC_STAT || cmd == SHM_STAT) writesObject(call, buf);
      });
}

// POSIX message queues

HINDSIGHT_INTERCEPTOR int mq_getattr(mqd_t mqdes, struct mq_attr* mqstat) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mq_getattr(mqdes, mqstat); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, mqstat);
      });
}

HINDSIGHT_INTERCEPTOR int mq_setattr(mqd_t mqdes, const struct mq_attr* mqstat,
                                     struct mq_attr* omqstat) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mq_setattr(mqdes, mqstat, omqstat); },
      [=](InterceptedCall& call) { readsObject(call, mqstat); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, omqstat);
      });
}

HINDSIGHT_INTERCEPTOR int mq_unlink(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mq_unlink(name); },
      [=](InterceptedCall& call) { readsText(call, name); });
}

HINDSIGHT_INTERCEPTOR mqd_t mq_open(const char* name, int flags, ...) noexcept {
  va_list list;
  va_start(list, flags);
  const bool creates = (flags & O_CREAT) != 0;
  const mode_t mode = creates ? va_arg(list, mode_t) : 0;
  mq_attr* const attributes = creates ? va_arg(list, mq_attr*) : nullptr;
  va_end(list);
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mq_open(name, flags, mode, attributes); },
      [=](InterceptedCall& call) {
        readsText(call, name);
        readsObject(call, attributes);
      },
      [=](InterceptedCall& call, mqd_t queue) {
        if (queue >= 0) fdOpened(call, queue);
      });
}

HINDSIGHT_INTERCEPTOR mqd_t __mq_open_2(const char* name, int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__mq_open_2(name, flags); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, mqd_t queue) {
        if (queue >= 0) fdOpened(call, queue);
      });
}

HINDSIGHT_INTERCEPTOR int mq_close(mqd_t mqdes) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mq_close(mqdes); },
      [=](InterceptedCall& call) {
        queueCloses(mqdes);
        fdClosing(call, mqdes);
      });
}
