#include "intercept/async_cancel.h"

#include <pthread.h>
#include <signal.h>
#include <ucontext.h>

#include "base/spin_lock.h"
#include "intercept/cancel_signal.h"
#include "intercept/real_calls.h"
#include "intercept/signal_waits.h"
#include "intercept/signals.h"
#include "platform/syscalls.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

constinit KernelAction library{};  // the C library's
constinit bool is_prepared = false;
constinit SpinLock preparing;

void onCancel(int signal, siginfo_t* info, void* opaque) {
  TlsBlock& tls = __hindsight_tls;
  auto* const context = static_cast<ucontext_t*>(opaque);
  if (tls.in_runtime != 0) return postponeSignal(tls, signal, info, context);
  if (!takeSignal(signal, *info, *context)) return;
  u64 mask;
  __builtin_memcpy(&mask, &context->uc_sigmask, sizeof(mask));
  if (endsWait(tls, *context)) mask = tls.wait_mask;
  mask |= 1ull << (kCancelSignal - 1);
  sysRtSigprocmask(SIG_SETMASK, &mask, nullptr);
  library.handler(signal, info, opaque);
}

// The C library installs its handler when a thread is cancelled first; one that takes no notice
// will do.

enum : u32 { kStarting, kRunning, kCancelled };

void* waitUntilCancelled(void* opaque) {
  auto* const state = static_cast<u32*>(opaque);
  real.pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
  __atomic_store_n(state, kRunning, __ATOMIC_RELEASE);
  for (u32 round = 0; __atomic_load_n(state, __ATOMIC_ACQUIRE) != kCancelled;) spinWait(round++);
  return nullptr;
}

void cancelOneThread() {
  u32 state = kStarting;
  pthread_t thread;
  sigset_t all, before;
  // The program's signals are none of the thread's business.
  real.sigfillset(&all);
  real.pthread_sigmask(SIG_SETMASK, &all, &before);
  const bool runs = real.pthread_create(&thread, nullptr, waitUntilCancelled, &state) == 0;
  if (runs) {
    for (u32 round = 0; __atomic_load_n(&state, __ATOMIC_ACQUIRE) != kRunning;) spinWait(round++);
    pthread_cancel(thread);
    __atomic_store_n(&state, kCancelled, __ATOMIC_RELEASE);
    real.pthread_join(thread, nullptr);
  }
  real.pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void putOursBefore() {
  RuntimeScope inside;
  SpinLockGuard guard(preparing);
  if (is_prepared) return;
  cancelOneThread();
  KernelAction ours{};
  if (syscallFailed(sysRtSigaction(kCancelSignal, nullptr, &library)) || library.handler == nullptr)
    return;
  ours = library;
  ours.handler = onCancel;
  ours.mask = ~0ull;
  sysRtSigaction(kCancelSignal, &ours, nullptr);
  __atomic_store_n(&is_prepared, true, __ATOMIC_RELEASE);
}

}  // namespace

void prepareAsyncCancel() {
  if (__atomic_load_n(&is_prepared, __ATOMIC_ACQUIRE)) return;
  // The caller may have been cancelled already, and would end where it joins, inside the runtime.
  int state;
  real.pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  putOursBefore();
  real.pthread_setcancelstate(state, nullptr);
}

}  // namespace hindsight
