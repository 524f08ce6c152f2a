// fork: the child starts with one thread and a quiet runtime.
//
// Our handlers were registered before the program's: the preparation runs after all of theirs and
// the child's part before all of theirs, so their code is checked as usual.
#include "intercept/fork.h"

#include "intercept/exit.h"
#include "platform/syscalls.h"
#include "report/race_report.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

extern "C" int __register_atfork(void (*prepare)(), void (*parent)(), void (*child)(), void* library);

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
      "hindsight: the process forked while another of its threads was inside the C library and this "
      "runtime at once; the child is not checked for races\n";
  sysWrite(2, kMessage, sizeof(kMessage) - 1);
  __hindsight_tls.thread = nullptr;
  __hindsight_tls.cell = 0;
}

void inChild() {
  if (forkWasTorn()) {
    runUnchecked();
    return inParent();
  }
  abandonOtherThreads();
  forgetRacesOfParent();
  restartExit();
  resumeWorld();
  leaveRuntime(__hindsight_tls);
}

}  // namespace

void initFork() { __register_atfork(beforeFork, inParent, inChild, nullptr); }

}  // namespace hindsight
