// runtime_scope.h - the boundary between the program and the runtime.
//
// While a thread is inside: signals of the program are kept until it leaves (a handler could touch
// the very line whose lock the thread holds), and fork and the recycling of stamps wait for it.
// Entering is one store and one load: the stopper pays for the fence (membarrier), not the entrant.
//
//   entrant                          stopper
//     in_runtime = 1                   world_stopped = 1
//     (compiler fence)                 membarrier: a fence in every thread
//     world_stopped? then park         in_runtime and not parked? then wait
//
// A parked thread is inside, so that no handler of the program runs in the middle of what it is
// about to do, but it has touched nothing.
#pragma once

#include "base/types.h"
#include "threads/thread.h"

namespace hindsight {

/// Why the world is stopped. A fork may have to let threads through, see parkUntilResumed.
enum class Stop : u32 { None, Recycle, Fork };
extern HINDSIGHT_HIDDEN u32 world_stopped;  // a Stop
/// One instruction, where an atomic load would be two.
HINDSIGHT_ALWAYS_INLINE bool isWorldStopped() {
  return *const_cast<volatile u32*>(&world_stopped) != 0;
}

/// Waits until the world runs again. The caller is inside, and only just.
///
/// During a fork the C library takes locks of its own, and their holder may be the very thread that
/// waits here (it was called back, or its malloc was, with a lock held). If the forking thread
/// sleeps for long, the caller goes on, one at a time, until it is here again.
void parkUntilResumed(TlsBlock& tls);
/// Runs the handlers of signals that arrived while inside. Set by intercept/signals.cpp.
extern void (*deliver_signals)(TlsBlock& tls);
void deliverPendingSignals(TlsBlock& tls);

HINDSIGHT_ALWAYS_INLINE void enterRuntime(TlsBlock& tls) {
  tls.in_runtime = tls.in_runtime + 1;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);  // pairs with: the membarrier in stopWorld
  if (HINDSIGHT_UNLIKELY(isWorldStopped()) && tls.in_runtime == 1) parkUntilResumed(tls);
}

HINDSIGHT_ALWAYS_INLINE void leaveRuntime(TlsBlock& tls) {
  __atomic_store_n(&tls.in_runtime, tls.in_runtime - 1, __ATOMIC_RELEASE);  // pairs with: stopWorld
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  if (HINDSIGHT_UNLIKELY(tls.signals_pending != 0) && tls.in_runtime == 0)
    deliverPendingSignals(tls);
}

class RuntimeScope {
 public:
  RuntimeScope() : tls_(__hindsight_tls) { enterRuntime(tls_); }
  ~RuntimeScope() { leaveRuntime(tls_); }
  RuntimeScope(const RuntimeScope&) = delete;
  RuntimeScope& operator=(const RuntimeScope&) = delete;

 private:
  TlsBlock& tls_;
};

/// Brings every other thread out of the runtime and keeps it out until `resumeWorld`; the registry
/// is locked meanwhile. The caller is inside and holds no lock. One stopper at a time: while the
/// caller waits for another one, the world may be stopped under it. Nests in the same thread.
void stopWorld(Stop why);
void resumeWorld();
/// In a forked child, the world still stopped: a thread that fork let through was inside at that
/// very moment, so the runtime's data may be torn.
bool forkWasTorn();

}  // namespace hindsight
