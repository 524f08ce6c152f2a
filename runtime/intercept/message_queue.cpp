// message_queue.cpp - POSIX and System V message queues: send -> the receive that takes it.
//
// One channel per queue (message_queue.h).
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/intercepted_call.h"
#include "intercept/message_queue.h"
#include "intercept/uniform.h"
#include "sync/sync.h"

using namespace hindsight;

namespace {

template <class RealSend>
int sendMessage(uptr pc, mqd_t queue, const char* message, size_t bytes, const timespec* deadline,
                RealSend real_send) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_send();
  readsObject(call, deadline);
  call.reads(message, bytes);
  release(call.thread(), queueChannel(queue));
  return call.blocking(real_send);
}

template <class RealReceive>
ssize_t receiveMessage(uptr pc, mqd_t queue, char* buffer, unsigned* priority,
                       const timespec* deadline, RealReceive real_receive) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_receive();
  readsObject(call, deadline);
  const ssize_t got = call.blocking(real_receive);
  if (got < 0) return got;
  acquire(call.thread(), queueChannel(queue));
  call.writes(buffer, static_cast<size_t>(got));
  if (priority != nullptr) call.writes(priority, sizeof *priority);
  return got;
}

}  // namespace

// POSIX

HINDSIGHT_INTERCEPTOR int mq_send(mqd_t queue, const char* message, size_t bytes,
                                  unsigned priority) {
  return sendMessage(HINDSIGHT_CALLER_PC, queue, message, bytes, nullptr,
                     [=] { return real.mq_send(queue, message, bytes, priority); });
}

HINDSIGHT_INTERCEPTOR int mq_timedsend(mqd_t queue, const char* message, size_t bytes,
                                       unsigned priority, const timespec* deadline) {
  return sendMessage(HINDSIGHT_CALLER_PC, queue, message, bytes, deadline,
                     [=] { return real.mq_timedsend(queue, message, bytes, priority, deadline); });
}

HINDSIGHT_INTERCEPTOR ssize_t mq_receive(mqd_t queue, char* buffer, size_t bytes,
                                         unsigned* priority) {
  return receiveMessage(HINDSIGHT_CALLER_PC, queue, buffer, priority, nullptr,
                        [=] { return real.mq_receive(queue, buffer, bytes, priority); });
}

HINDSIGHT_INTERCEPTOR ssize_t mq_timedreceive(mqd_t queue, char* __restrict buffer, size_t bytes,
                                              unsigned* __restrict priority,
                                              const timespec* __restrict deadline) {
  return receiveMessage(HINDSIGHT_CALLER_PC, queue, buffer, priority, deadline, [=] {
    return real.mq_timedreceive(queue, buffer, bytes, priority, deadline);
  });
}

// System V: the message starts with its type, a long that `bytes` does not count.

HINDSIGHT_INTERCEPTOR int msgsnd(int queue, const void* message, size_t bytes, int flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.msgsnd(queue, message, bytes, flags);
  call.reads(message, sizeof(long) + bytes);
  release(call.thread(), systemVQueueChannel(queue));
  return call.blocking([=] { return real.msgsnd(queue, message, bytes, flags); });
}

HINDSIGHT_INTERCEPTOR ssize_t msgrcv(int queue, void* buffer, size_t bytes, long type, int flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.msgrcv(queue, buffer, bytes, type, flags);
  const ssize_t got = call.blocking([=] { return real.msgrcv(queue, buffer, bytes, type, flags); });
  if (got < 0) return got;
  acquire(call.thread(), systemVQueueChannel(queue));
  call.writes(buffer, sizeof(long) + static_cast<size_t>(got));
  return got;
}
