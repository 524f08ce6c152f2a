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
// Thread safety: any thread. Allocation: arena.
#include <mqueue.h>
#include <signal.h>
#include <time.h>

#include "base/arena.h"
#include "base/spin_lock.h"
#include "intercept/real_calls.h"
#include "intercept/thread_life.h"
#include "intercept/uniform.h"
#include "sync/sync.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

/// A function that the C library will call in a thread of its own. Never freed: a call may be on
/// its way when the timer is deleted.
struct Notice {
  void (*function)(sigval);
  sigval value;
  SpinLock lock;
  Thread* expected;  // the record of the next call's thread; null if there will be none
  Notice* next;
  timer_t timer;
  bool has_timer;
};

constinit SpinLock notices_lock;
constinit Notice* notices = nullptr;

uptr keyOf(const Notice* notice) { return reinterpret_cast<uptr>(notice); }

/// The calling thread, unknown so far, becomes the one that the notice expects.
void bindThread(Notice* notice, uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  tls.in_runtime = 1;
  Thread* thread;
  {
    SpinLockGuard guard(notice->lock);
    thread = notice->expected;
    notice->expected = nullptr;
  }
  if (thread == nullptr) {  // a call that overlaps with the one before, or came after the end
    tls.in_runtime = 0;
    return;
  }
  startExpectedThread(thread);
  Thread* const following = expectThread(*thread, pc);
  {
    SpinLockGuard guard(notice->lock);
    notice->expected = following;
  }
  leaveRuntime(tls);
}

void onNotice(sigval opaque) {
  auto* notice = static_cast<Notice*>(opaque.sival_ptr);
  if (__hindsight_tls.thread == nullptr) bindThread(notice, HINDSIGHT_CALLER_PC);
  if (currentThread() != nullptr) {
    const RuntimeScope scope;
    acquire(*currentThread(), keyOf(notice));
  }
  notice->function(notice->value);
}

bool callsFunction(const sigevent* event) {
  return event != nullptr && event->sigev_notify == SIGEV_THREAD;
}

/// `event` with our function in the place of the program's.
Notice* makeNotice(InterceptedCall& call, const sigevent* event, sigevent& ours) {
  auto* notice = arenaNew<Notice>();
  *notice = {};
  notice->function = event->sigev_notify_function;
  notice->value = event->sigev_value;
  notice->expected = expectThread(call.thread(), call.pc());
  release(call.thread(), keyOf(notice));
  ours = *event;
  ours.sigev_notify_function = onNotice;
  ours.sigev_value.sival_ptr = notice;
  return notice;
}

/// No call will come any more, but one may be on its way.
void endNotice(Notice* notice) {
  Thread* unused;
  {
    SpinLockGuard guard(notice->lock);
    unused = notice->expected;
    notice->expected = nullptr;
  }
  if (unused != nullptr) discardThread(unused);
}

Notice* noticeOf(timer_t timer, bool forget) {
  SpinLockGuard guard(notices_lock);
  for (Notice* notice = notices; notice != nullptr; notice = notice->next) {
    if (!notice->has_timer || notice->timer != timer) continue;
    if (forget) notice->has_timer = false;
    return notice;
  }
  return nullptr;
}

}  // namespace

HINDSIGHT_INTERCEPTOR int timer_create(clockid_t clock, sigevent* event, timer_t* timer) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.timer_create(clock, event, timer);
  readsObject(call, event);
  sigevent ours;
  Notice* const notice = callsFunction(event) ? makeNotice(call, event, ours) : nullptr;
  sigevent* const passed = notice != nullptr ? &ours : event;
  const int result = call.blocking([=] { return real.timer_create(clock, passed, timer); });
  if (result == 0) writesObject(call, timer);
  if (notice == nullptr) return result;
  if (result != 0) {
    endNotice(notice);
    return result;
  }
  notice->timer = *timer;
  notice->has_timer = true;
  SpinLockGuard guard(notices_lock);
  notice->next = notices;
  notices = notice;
  return result;
}

HINDSIGHT_INTERCEPTOR int timer_settime(timer_t timer, int flags, const itimerspec* value,
                                        itimerspec* old) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.timer_settime(timer, flags, value, old);
  readsObject(call, value);
  if (Notice* notice = noticeOf(timer, false)) release(call.thread(), keyOf(notice));
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
  Notice* const notice = noticeOf(timer, true);
  const int result = call.blocking([=] { return real.timer_delete(timer); });
  if (notice != nullptr) endNotice(notice);
  return result;
}

HINDSIGHT_INTERCEPTOR int mq_notify(mqd_t queue, const sigevent* event) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mq_notify(queue, event);
  readsObject(call, event);
  sigevent ours;
  Notice* const notice = callsFunction(event) ? makeNotice(call, event, ours) : nullptr;
  const sigevent* const passed = notice != nullptr ? &ours : event;
  const int result = call.blocking([=] { return real.mq_notify(queue, passed); });
  if (result != 0 && notice != nullptr) endNotice(notice);
  return result;
}

}  // namespace hindsight
