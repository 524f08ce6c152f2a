// fork: the child starts with one thread and a quiet runtime.
//
// Our handlers were registered before the program's: the preparation runs after all of theirs and
// the child's part before all of theirs, so their code is checked as usual.
//
// clone and _Fork run no handlers, so a copy of the process that they make is treated the same way
// here. With CLONE_VM the child shares memory, and with it the runtime's idea of who is running:
// such a child must not run instrumented code, and is left to the program.
#include "intercept/fork.h"

#include "intercept/exit.h"
#include "intercept/held_signals.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "intercept/thread_notices.h"
#include "platform/syscalls.h"
#include "report/race_report.h"
#include "threads/contexts.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

extern "C" int __register_atfork(void (*prepare)(), void (*parent)(), void (*child)(),
                                 void* library);

namespace hindsight {
namespace {

void beforeFork() {
  TlsBlock& tls = __hindsight_tls;
  enterRuntime(tls);
  stopWorld(Stop::Fork);
}

void inParent() {
  resumeWorld();
  leaveRuntime(__hindsight_tls);
}

/// A lock of the runtime may be held by a thread that does not exist here: nothing can be checked.
void runUnchecked() {
  constexpr char kMessage[] =
      "hindsight: the process forked while another of its threads was inside the C library and "
      "this "
      "runtime at once; the child is not checked for races\n";
  sysWrite(2, kMessage, sizeof(kMessage) - 1);
  __hindsight_tls.thread = nullptr;
  __hindsight_tls.cell = 0;
}

void inChild() {
  forgetHeldSignals();
  if (forkWasTorn()) {
    runUnchecked();
    return inParent();
  }
  abandonNotices();
  abandonContexts();
  abandonOtherThreads();
  forgetRacesOfParent();
  restartExit();
  resumeWorld();
  leaveRuntime(__hindsight_tls);
}

/// What a child of clone runs.
struct CloneStart {
  int (*function)(void*);
  void* argument;
};

int cloneStart(void* opaque) {
  const CloneStart start = *static_cast<CloneStart*>(opaque);
  inChild();
  _exit(start.function(start.argument));  // not by returning: the summary is due
}

}  // namespace

bool forkStarts() {
  if (currentThread() == nullptr || __hindsight_tls.in_runtime != 0) return false;
  beforeFork();
  return true;
}

void forkDone(bool is_child) {
  const int error = errno;
  if (is_child)
    inChild();
  else
    inParent();
  errno = error;
}

void initFork() { __register_atfork(beforeFork, inParent, inChild, nullptr); }

HINDSIGHT_INTERCEPTOR pid_t _Fork() noexcept {
  const bool follows = forkStarts();
  const pid_t child = real._Fork();
  if (follows) forkDone(child == 0);
  return child;
}

HINDSIGHT_INTERCEPTOR int clone(int (*function)(void*), void* stack, int flags, void* argument,
                                ...) noexcept {
  va_list list;
  va_start(list, argument);
  void* const parent_tid = va_arg(list, void*);
  void* const tls = va_arg(list, void*);
  void* const child_tid = va_arg(list, void*);
  va_end(list);
  if (function == nullptr || (flags & CLONE_VM) != 0 || currentThread() == nullptr ||
      __hindsight_tls.in_runtime != 0)
    return real.clone(function, stack, flags, argument, parent_tid, tls, child_tid);
  beforeFork();
  CloneStart start{function, argument};
  const int child = real.clone(cloneStart, stack, flags, &start, parent_tid, tls, child_tid);
  const int error = errno;
  inParent();
  errno = error;
  return child;
}
HINDSIGHT_ALIAS(__clone, clone);

}  // namespace hindsight
