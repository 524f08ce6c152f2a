#include "entry/left_frames.h"

#include <signal.h>

#include "entry/foreign_frames.h"
#include "history/shadow_stack.h"
#include "platform/syscalls.h"
#include "platform/unwind.h"
#include "platform/unwind_step.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

namespace hindsight {
namespace {

/// Where instrumented code goes on, by a hash of the address: it puts the pointer back itself.
constexpr size_t kCatchers = 1024;
constinit uptr instrumented_catchers[kCatchers] = {};

uptr& placeOf(uptr pc) { return instrumented_catchers[(pc ^ pc >> 10) % kCatchers]; }

/// A handler's, which may be small and may lie anywhere.
bool isOnAlternateStack() {
  stack_t alternate = {};
  const sptr result = sysCall(SYS_sigaltstack, 0, syscall_detail::bits(&alternate));
  return syscallFailed(result) || (alternate.ss_flags & SS_ONSTACK) != 0;
}

/// Whether `stack` and this very frame lie on the stack that the thread began with.
bool isOnOwnStack(const Thread& thread, uptr stack) {
  const auto here = reinterpret_cast<uptr>(__builtin_frame_address(0));
  return !thread.is_fiber && thread.parked_stack == nullptr && here >= thread.stack_begin &&
         here < stack && stack < thread.stack_end && !isOnAlternateStack();
}

bool isEntry(const ShadowStack& shadow, const uptr* entry, uptr return_pc) {
  return entry > shadow.base && (*entry & ~kLoggedFrame) == return_pc;
}

/// Takes the entries of the frames below `stack` away. False if the way there is not found; then
/// all stay. `catcher`: the entry of the function that goes on, or null.
bool endFrames(TlsBlock& tls, const ShadowStack& shadow, uptr stack, const uptr*& catcher) {
  UnwindContext context;
  UnwindCursor cursor;
  HINDSIGHT_CAPTURE(context);
  if (unw_init_local(cursor.words, context.words) != 0) return false;
  uptr* top = tls.stack - 1;
  while (stepOut(cursor)) {
    uptr pc = 0, end = 0;  // of the frame that has been left: its return address, and where it ends
    if (unw_get_reg(cursor.words, kRegisterIp, &pc) != 0 ||
        unw_get_reg(cursor.words, kRegisterSp, &end) != 0)
      return false;
    const bool is_topmost = isEntry(shadow, top, pc);
    if (end > stack) {
      catcher = is_topmost ? top : nullptr;
      tls.stack = top + 1;
      return true;
    }
    if (is_topmost) --top;
  }
  return false;
}

}  // namespace

void leaveFrames(uptr stack, uptr pc) {
  // A lost update costs a walk; code at `pc` is the same for all threads.
  uptr& known = placeOf(pc);
  if (__atomic_load_n(&known, __ATOMIC_RELAXED) == pc) return;
  TlsBlock& tls = __hindsight_tls;
  if (tls.thread == nullptr) return;
  const ShadowStack& shadow = tls.thread->history.stack;
  if (!ownsEntry(shadow, tls.stack)) return;
  const uptr* catcher = nullptr;
  bool is_found = false;
  if (tls.in_runtime == 0 && isOnOwnStack(*tls.thread, stack)) {
    RuntimeScope scope;
    is_found = endFrames(tls, shadow, stack, catcher);
  }
  if (!is_found) return unwindForeignFrames(stack);
  if (catcher != nullptr && !isForeignFrame(shadow, catcher))
    __atomic_store_n(&known, pc, __ATOMIC_RELAXED);  // pairs with: nothing, see above
}

void forgetCatchers() {
  for (uptr& pc : instrumented_catchers) __atomic_store_n(&pc, 0, __ATOMIC_RELAXED);
}

}  // namespace hindsight
