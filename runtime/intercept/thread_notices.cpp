#include "intercept/thread_notices.h"

#include <linux/futex.h>

#include "base/arena.h"
#include "base/spin_lock.h"
#include "intercept/thread_life.h"
#include "platform/syscalls.h"
#include "sync/sync.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

/// A timer that goes off faster than its notices begin would end in thousands of threads that wait.
constexpr u32 kMostWaiting = 256;

/// Of notices that will come no more the last few keep their record: one may be on its way.
constexpr u32 kLateNotices = 8;

constinit SpinLock notices_lock;  // of what follows, not of the notices
constinit Notice* notices = nullptr;
constinit Notice* late_notices[kLateNotices] = {};
constinit u32 late_next = 0;

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

}  // namespace

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

void addNotice(Notice* notice) {
  SpinLockGuard guard(notices_lock);
  notice->next = notices;
  notices = notice;
}

Notice* findNotice(NoticeOf kind, uptr source) {
  SpinLockGuard guard(notices_lock);
  for (Notice* notice = notices; notice != nullptr; notice = notice->next)
    if (notice->kind == kind && notice->source == source) return notice;
  return nullptr;
}

Notice* takeNotice(NoticeOf kind, uptr source, u64 order) {
  SpinLockGuard guard(notices_lock);
  for (Notice** link = &notices; *link != nullptr; link = &(*link)->next) {
    Notice* const notice = *link;
    if (notice->kind != kind || notice->source != source || notice->order >= order) continue;
    *link = notice->next;
    return notice;
  }
  return nullptr;
}

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

void cancelNotice(Notice* notice) { discard(endNotice(notice)); }

void abandonNotices() {
  notices = nullptr;
  for (Notice*& late : late_notices) late = nullptr;
}

}  // namespace hindsight
