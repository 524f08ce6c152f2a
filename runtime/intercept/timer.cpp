// timer.cpp - POSIX timers and message queue notices, which may call a function in a new thread.
//
// Such a thread is made by the C library, where we do not see it. Its function is one of ours,
// which binds the thread to a record made beforehand, in timer_create. What the program did before
// it created or set the timer happens before the call; what the function does is ordered by nothing
// else.
//
// Notices of aio and getaddrinfo_a stand in the program's own request, which is not changed: their
// functions run as threads that are not known, unchecked.
//
// Such a thread is told nothing about itself: of two that begin at once, the second waits until the
// first has made the record of the next. A queue's notice comes once, so it has one record and goes
// with it.
//
// Thread safety: any thread. Allocation: arena.
#include "intercept/timer.h"

#include <linux/futex.h>
#include <mqueue.h>
#include <signal.h>
#include <time.h>

#include "base/arena.h"
#include "base/spin_lock.h"
#include "intercept/fd_sync.h"
#include "intercept/message_queue.h"
#include "intercept/real_calls.h"
#include "intercept/thread_life.h"
#include "intercept/uniform.h"
#include "platform/syscalls.h"
#include "sync/sync.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

enum class NoticeOf : u8 { Timer, Queue };

/// A function that the C library will call in a thread of its own. A timer's is never freed: a call
/// may be on its way when the timer is deleted.
struct Notice {
  void (*function)(sigval);
  sigval value;
  Thread* expected;  // the record of the next call's thread; null while one begins and at the end
  u32 ended;
  u32 waiting;    // threads for `expected`
  u32 published;  // how often it was set, or the end came; they sleep on this
  NoticeOf kind;
  uptr source;  // the timer, or the queue's channel
  u64 order;    // in which the queues' were made
  Notice* next;
};

/// A timer that goes off faster than its notices begin would end in thousands of threads that wait.
constexpr u32 kMostWaiting = 256;

/// Of notices that will come no more the last few keep their record: one may be on its way.
constexpr u32 kLateNotices = 8;

constinit SpinLock notices_lock;  // of what follows, not of the notices
constinit Notice* notices = nullptr;
constinit Notice* late_notices[kLateNotices] = {};
constinit u32 late_next = 0;
constinit u64 queue_notices = 0;  // made so far

uptr keyOf(const Notice* notice) { return reinterpret_cast<uptr>(notice); }

Thread* exchangeExpected(Notice* notice, Thread* thread) {
  // Orders the record's fields, and `expected` against `ended` (endNotice, publish).
  return __atomic_exchange_n(&notice->expected, thread, __ATOMIC_SEQ_CST);
}

bool hasEnded(const Notice* notice) {
  return __atomic_load_n(&notice->ended, __ATOMIC_SEQ_CST) != 0;
}

/// The record for the calling thread, which no stopper of the world waits for yet. Null if the
/// notice has ended, or too many wait.
Thread* takeExpected(Notice* notice) {
  Thread* thread = exchangeExpected(notice, nullptr);
  if (thread != nullptr || notice->kind == NoticeOf::Queue) return thread;
  if (__atomic_add_fetch(&notice->waiting, 1, __ATOMIC_SEQ_CST) <= kMostWaiting) {
    for (;;) {
      const u32 published = __atomic_load_n(&notice->published, __ATOMIC_SEQ_CST);
      thread = exchangeExpected(notice, nullptr);
      if (thread != nullptr || hasEnded(notice)) break;
      // Not spinning: many who do keep the processor from the one that they wait for.
      sysFutex(&notice->published, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, published, nullptr);
    }
  }
  __atomic_sub_fetch(&notice->waiting, 1, __ATOMIC_RELAXED);
  return thread;
}

void wake(Notice* notice, u32 threads) {
  __atomic_add_fetch(&notice->published, 1, __ATOMIC_SEQ_CST);  // pairs with: takeExpected
  if (__atomic_load_n(&notice->waiting, __ATOMIC_SEQ_CST) != 0)
    sysFutex(&notice->published, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, threads, nullptr);
}

/// Calls that still come run in threads that are not known. Returns the record to discard, or null.
Thread* endNotice(Notice* notice) {
  constexpr u32 kEverybody = 0x7fffffff;
  __atomic_store_n(&notice->ended, 1, __ATOMIC_SEQ_CST);
  wake(notice, kEverybody);
  return exchangeExpected(notice, nullptr);
}

void discard(Thread* unused) {
  if (unused != nullptr) discardThread(unused);
}

/// `thread` is for the next call, unless there will be none.
void publish(Notice* notice, Thread* thread) {
  exchangeExpected(notice, thread);
  wake(notice, 1);
  if (hasEnded(notice)) discard(exchangeExpected(notice, nullptr));
}

/// Takes the first notice of the source that was made before `order` out of the list, or null.
Notice* takeNotice(NoticeOf kind, uptr source, u64 order = ~u64{0}) {
  SpinLockGuard guard(notices_lock);
  for (Notice** link = &notices; *link != nullptr; link = &(*link)->next) {
    Notice* const notice = *link;
    if (notice->kind != kind || notice->source != source || notice->order >= order) continue;
    *link = notice->next;
    return notice;
  }
  return nullptr;
}

void addNotice(Notice* notice) {
  SpinLockGuard guard(notices_lock);
  notice->next = notices;
  notices = notice;
}

/// No call will come any more, but one may be on its way. The notice is not in the list.
void retireNotice(Notice* notice) {
  Thread* unused = nullptr;
  {
    SpinLockGuard guard(notices_lock);
    // Ended with the lock held: one of a queue is freed by its call, which takes it.
    if (Notice* const oldest = late_notices[late_next]) unused = endNotice(oldest);
    late_notices[late_next] = notice;
    late_next = (late_next + 1) % kLateNotices;
  }
  discard(unused);
}

/// The one call of a queue's notice has come.
void forgetNotice(Notice* notice) {
  {
    SpinLockGuard guard(notices_lock);
    for (Notice*& late : late_notices)
      if (late == notice) late = nullptr;
    for (Notice** link = &notices; *link != nullptr; link = &(*link)->next) {
      if (*link != notice) continue;
      *link = notice->next;
      break;
    }
  }
  arenaFree(notice, sizeof *notice);
}

/// The calling thread, unknown so far, becomes the one that the notice expects.
void bindThread(Notice* notice, uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  tls.in_runtime = 1;
  Thread* const thread = takeExpected(notice);
  if (thread == nullptr) {
    tls.in_runtime = 0;
    return;
  }
  startExpectedThread(thread);
  if (notice->kind == NoticeOf::Queue)
    forgetNotice(notice);
  else
    publish(notice, expectThread(*thread, pc));
  leaveRuntime(tls);
}

void onTimer(sigval opaque) {
  auto* notice = static_cast<Notice*>(opaque.sival_ptr);
  if (__hindsight_tls.thread == nullptr) bindThread(notice, HINDSIGHT_CALLER_PC);
  if (currentThread() != nullptr) {
    const RuntimeScope scope;
    acquire(*currentThread(), keyOf(notice));
  }
  notice->function(notice->value);
}

/// The thread's record was made in mq_notify: that is all the order there is.
void onMessage(sigval opaque) {
  auto* notice = static_cast<Notice*>(opaque.sival_ptr);
  void (*const function)(sigval) = notice->function;
  const sigval value = notice->value;
  if (__hindsight_tls.thread == nullptr) bindThread(notice, HINDSIGHT_CALLER_PC);
  function(value);
}

bool callsFunction(const sigevent* event) {
  return event != nullptr && event->sigev_notify == SIGEV_THREAD;
}

/// `event` with our function in the place of the program's.
Notice* makeNotice(InterceptedCall& call, NoticeOf kind, const sigevent* event, sigevent& ours) {
  auto* notice = arenaNew<Notice>();
  *notice = {};
  notice->kind = kind;
  notice->function = event->sigev_notify_function;
  notice->value = event->sigev_value;
  notice->expected = expectThread(call.thread(), call.pc());
  ours = *event;
  ours.sigev_notify_function = kind == NoticeOf::Timer ? onTimer : onMessage;
  ours.sigev_value.sival_ptr = notice;
  return notice;
}

uptr sourceOf(timer_t timer) { return reinterpret_cast<uptr>(timer); }

Notice* findTimer(timer_t timer) {
  SpinLockGuard guard(notices_lock);
  for (Notice* notice = notices; notice != nullptr; notice = notice->next)
    if (notice->kind == NoticeOf::Timer && notice->source == sourceOf(timer)) return notice;
  return nullptr;
}

/// The queue's notices made before `order` are used up or taken back.
void retireQueue(uptr channel, u64 order = ~u64{0}) {
  while (Notice* const notice = takeNotice(NoticeOf::Queue, channel, order)) retireNotice(notice);
}

}  // namespace

void queueCloses(mqd_t queue) {
  // In most programs nobody has ever asked, and the queue need not be looked up.
  if (__atomic_load_n(&queue_notices, __ATOMIC_RELAXED) != 0) retireQueue(queueChannel(queue));
}

void abandonNotices() {
  notices = nullptr;
  for (Notice*& late : late_notices) late = nullptr;
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
    discard(endNotice(notice));
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
  if (Notice* notice = findTimer(timer))
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
    discard(endNotice(notice));
    forgetNotice(notice);
  }
  return result;
}

}  // namespace hindsight
