// taken_faults.h - SIGSEGV, once it is ours (intercept/tiny_faults.h).
//
// The kernel must call us for a fault whatever the program has done about the signal, so its mask
// does not have it any more: what the program has asked for is in its thread's block, and told to
// it; a fault that it has blocked or does not handle ends it as the kernel would have done. A
// SIGSEGV that somebody sends to a thread that blocks it is blocked indeed, until the thread
// unblocks it.
//
// Thread safety: any thread; async-signal-safe, but for takeFaults. Allocation: none.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include "base/types.h"
#include "intercept/signal_kinds.h"
#include "threads/thread.h"

namespace hindsight {

/// Makes SIGSEGV ours from now on. False: it cannot be.
bool takeFaults();
extern bool faults_are_taken;
/// For the calling thread, whose mask may have been set before, or by somebody else.
void unblockFaults();
/// The same for a thread that is in a handler, which has interrupted `context`.
void unblockFaults(ucontext_t& context);
/// Takes SIGSEGV from a mask that is about to be the calling thread's. Returns whether it was
/// there, but false as long as it is not ours.
bool hideFaults(sigset_t& mask);
/// While alive, a new program inherits what this one has asked for. (That SIGSEGV is ignored only
/// if the process has no other thread, which would depend on it.)
class HandedDownFaults {
 public:
  HandedDownFaults();
  ~HandedDownFaults();
  HandedDownFaults(const HandedDownFaults&) = delete;
  HandedDownFaults& operator=(const HandedDownFaults&) = delete;

 private:
  bool blocked_ = false, ignored_ = false;
};
/// What starts a new program.
template <class RealCall>
auto handingFaultsDown(RealCall real_call) {
  const HandedDownFaults inherited;
  return real_call();
}
/// sigprocmask, made by `real_mask`, as the program sees it.
using RealMask = int (*)(int how, const sigset_t* set, sigset_t* old);
int changeMask(int how, const sigset_t* set, sigset_t* old, RealMask real_mask);

/// As the program sees its mask: SIGSEGV among it.
class FaultMask {
 public:
  /// The handler of the program is about to run with `mask`, interrupting `context`, or a wait
  /// that had a mask of its own, which `mask` has taken in.
  FaultMask(TlsBlock& tls, ucontext_t& context, bool ended_wait, u64& mask)
      : tls_(tls), interrupted_(reinterpret_cast<u64*>(&context.uc_sigmask)) {
    if (!faults_are_taken) return;
    if (tls.faults_blocked != 0) *interrupted_ |= kSegvBit;
    if (!ended_wait) mask |= *interrupted_ & kSegvBit;
    tls.faults_blocked = (mask & kSegvBit) != 0;
    mask &= ~kSegvBit;
  }
  /// It has returned, and may have changed the context's.
  void restore() {
    if (!faults_are_taken) return;
    tls_.faults_blocked = (*interrupted_ & kSegvBit) != 0;
    *interrupted_ &= ~kSegvBit;
  }

 private:
  TlsBlock& tls_;
  u64* const interrupted_;
};

/// The kernel's handler of SIGSEGV when that is ours.
void onFault(int signal, siginfo_t* info, void* opaque);

}  // namespace hindsight
