// thread_notices.h - functions that the C library calls in threads of its own, for timers and
// message queues (SIGEV_THREAD).
//
// Such a thread is made where we do not see it. Its function is one of ours, which binds the thread
// to a record made beforehand, in timer_create. What the program did before it created or set the
// timer happens before the call; what the function does is ordered by nothing else.
//
// Notices of aio and getaddrinfo_a stand in the program's own request, which is not changed: their
// functions run as threads that are not known, unchecked.
//
// Such a thread is told nothing about itself: of two that begin at once, the second waits until the
// first has made the record of the next. A queue's notice comes once, so it has one record and goes
// with it.
//
// Thread safety: any thread. Allocation: arena.
#pragma once

#include <signal.h>

#include "base/types.h"
#include "intercept/intercepted_call.h"
#include "threads/thread.h"

namespace hindsight {

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

/// What the notice's calls acquire.
inline uptr keyOf(const Notice* notice) { return reinterpret_cast<uptr>(notice); }
inline bool callsFunction(const sigevent* event) {
  return event != nullptr && event->sigev_notify == SIGEV_THREAD;
}

/// `event` with our function in the place of the program's.
Notice* makeNotice(InterceptedCall& call, NoticeOf kind, const sigevent* event, sigevent& ours);
/// Puts it into the list of those that may come.
void addNotice(Notice* notice);
/// In the list; null if there is none.
Notice* findNotice(NoticeOf kind, uptr source);
/// Takes the first notice of the source that was made before `order` out of the list, or null.
Notice* takeNotice(NoticeOf kind, uptr source, u64 order = ~u64{0});
/// No call will come any more, but one may be on its way. The notice is not in the list.
void retireNotice(Notice* notice);
/// The one call of a queue's notice has come, or will not.
void forgetNotice(Notice* notice);
/// It could not be asked for.
void cancelNotice(Notice* notice);
/// In a forked child, which has inherited no timers and no notices. The world is stopped, and the
/// records of threads that were expected are about to be abandoned.
void abandonNotices();

}  // namespace hindsight
