// timer.cpp - POSIX timers, and notices of message queues.
//
// Both may call a function in a new thread (intercept/thread_notices.h).
//
// Thread safety: any thread. Allocation: arena.
#include "intercept/timer.h"

#include <mqueue.h>
#include <signal.h>
#include <time.h>

#include "intercept/fd_sync.h"
#include "intercept/message_queue.h"
#include "intercept/real_calls.h"
#include "intercept/thread_notices.h"
#include "intercept/uniform.h"
#include "sync/sync.h"

namespace hindsight {
namespace {

constinit u64 queue_notices = 0;  // made so far

uptr sourceOf(timer_t timer) { return reinterpret_cast<uptr>(timer); }

/// The queue's notices made before `order` are used up or taken back.
void retireQueue(uptr channel, u64 order = ~u64{0}) {
  while (Notice* const notice = takeNotice(NoticeOf::Queue, channel, order)) retireNotice(notice);
}

}  // namespace

void queueCloses(mqd_t queue) {
  // In most programs nobody has ever asked, and the queue need not be looked up.
  if (__atomic_load_n(&queue_notices, __ATOMIC_RELAXED) != 0) retireQueue(queueChannel(queue));
}

HINDSIGHT_INTERCEPTOR int timer_create(clockid_t clock, sigevent* event, timer_t* timer) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.timer_create(clock, event, timer);
  readsObject(call, event);
  sigevent ours;
  Notice* const notice =
      callsFunction(event) ? makeNotice(call, NoticeOf::Timer, event, ours) : nullptr;
  if (notice != nullptr) release(call.thread(), keyOf(notice));
  sigevent* const passed = notice != nullptr ? &ours : event;
  const int result = call.blocking([=] { return real.timer_create(clock, passed, timer); });
  if (result == 0) writesObject(call, timer);
  if (notice == nullptr) return result;
  if (result != 0) {
    cancelNotice(notice);
    return result;
  }
  notice->source = sourceOf(*timer);
  addNotice(notice);
  return result;
}

HINDSIGHT_INTERCEPTOR int timer_settime(timer_t timer, int flags, const itimerspec* value,
                                        itimerspec* old) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.timer_settime(timer, flags, value, old);
  readsObject(call, value);
  if (Notice* notice = findNotice(NoticeOf::Timer, sourceOf(timer)))
    release(call.thread(), keyOf(notice));
  else
    releaseSignals(call.thread());
  const int result = call.blocking([=] { return real.timer_settime(timer, flags, value, old); });
  if (result == 0) writesObject(call, old);
  return result;
}

HINDSIGHT_INTERCEPTOR int timer_gettime(timer_t timer, itimerspec* value) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.timer_gettime(timer, value); }, kReadsNothing,
      [=](InterceptedCall& call, int result) {
        if (result == 0) writesObject(call, value);
      });
}

HINDSIGHT_INTERCEPTOR int timer_delete(timer_t timer) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.timer_delete(timer);
  Notice* const notice =
      takeNotice(NoticeOf::Timer, sourceOf(timer));  // `timer` is free afterwards
  const int result = call.blocking([=] { return real.timer_delete(timer); });
  if (notice == nullptr) return result;
  if (result == 0)
    retireNotice(notice);
  else
    addNotice(notice);
  return result;
}

HINDSIGHT_INTERCEPTOR int mq_notify(mqd_t queue, const sigevent* event) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mq_notify(queue, event);
  readsObject(call, event);
  if (event != nullptr && event->sigev_notify == SIGEV_SIGNAL) releaseSignals(call.thread());
  const uptr channel = queueChannel(queue);
  const u64 order = __atomic_add_fetch(&queue_notices, 1, __ATOMIC_RELAXED);
  sigevent ours;
  Notice* const notice =
      callsFunction(event) ? makeNotice(call, NoticeOf::Queue, event, ours) : nullptr;
  if (notice != nullptr) {  // in the list beforehand: it may be used up when mq_notify returns
    notice->source = channel;
    notice->order = order;
    addNotice(notice);
  }
  const sigevent* const passed = notice != nullptr ? &ours : event;
  const int result = call.blocking([=] { return real.mq_notify(queue, passed); });
  if (result == 0) {
    retireQueue(channel, order);  // the queue has one at a time
  } else if (notice != nullptr) {
    cancelNotice(notice);
    forgetNotice(notice);
  }
  return result;
}

}  // namespace hindsight
