// longjmp.cpp - the frames that a jump leaves, where nobody else puts the shadow stack's pointer
// back.
//
// A jump may also lead to another user-level context, which is followed (threads/contexts.h).
//
// Our pass restores the pointer after setjmp returns once more; code that is not instrumented, or
// by ThreadSanitizer's passes, relies on the runtime (entry/left_frames.h).
//
// Thread safety: any thread; async-signal-safe. Allocation: none.
#include <setjmp.h>

#include "entry/left_frames.h"
#include "intercept/inner_faults.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "intercept/taken_faults.h"
#include "sync/sync.h"
#include "threads/contexts.h"
#include "threads/runtime_scope.h"

using namespace hindsight;

namespace {

/// Where the jump leads to.
struct Target {
  uptr stack, pc;
};

#if defined(__x86_64__)
uptr revealed(long hidden) {
  auto value = static_cast<uptr>(hidden);
  // PTR_DEMANGLE of the C library: the guard lies in the thread's descriptor.
  asm("rorq $0x11, %0\n\txorq %%fs:0x30, %0" : "+r"(value));
  return value;
}

Target targetOf(const __jmp_buf_tag* buffer) {
  constexpr int kStackPointer = 6, kPc = 7;  // JB_RSP, JB_PC
  return {revealed(buffer->__jmpbuf[kStackPointer]), revealed(buffer->__jmpbuf[kPc])};
}
#else
constexpr int kPc = 11, kStackPointer = 13;  // JB_LR, JB_SP

/// What the C library hides stack pointers with, which lies in a variable of the loader's that has
/// no name for others: a buffer of our own tells.
HINDSIGHT_NOINLINE uptr pointerGuard() {
  jmp_buf buffer;
  uptr stack_pointer;
  if (_setjmp(buffer) != 0) __builtin_unreachable();
  asm volatile("mov %0, sp" : "=r"(stack_pointer));  // nothing has moved it since
  return static_cast<uptr>(buffer[0].__jmpbuf[kStackPointer]) ^ stack_pointer;
}

Target targetOf(const __jmp_buf_tag* buffer) {
  const uptr guard = pointerGuard();
  return {static_cast<uptr>(buffer->__jmpbuf[kStackPointer]) ^ guard,
          static_cast<uptr>(buffer->__jmpbuf[kPc]) ^ guard};
}
#endif

void followJump(uptr stack) {
  if (__atomic_load_n(&followed_contexts, __ATOMIC_RELAXED) == 0) return;
  const TlsBlock& tls = __hindsight_tls;
  if (tls.thread == nullptr || tls.in_runtime != 0) return;
  RuntimeScope scope;
  followContext(*tls.thread, nullptr, stack);
}

void prepareJump(const __jmp_buf_tag* buffer) {
  if (HINDSIGHT_UNLIKELY(faults_are_taken) && buffer->__mask_was_saved != 0)
    __hindsight_tls.faults_blocked = hideFaults(const_cast<__jmp_buf_tag*>(buffer)->__saved_mask);
  if (Thread* thread = currentThread()) {  // perhaps out of a handler
    lockWaitOver(*thread);
    thread->handler = {};
  }
  const Target target = targetOf(buffer);
  leaveByJump(target.stack);
  leaveFrames(target.stack, target.pc);
  followJump(target.stack);
}

}  // namespace

HINDSIGHT_INTERCEPTOR void longjmp(__jmp_buf_tag* buffer, int value) noexcept {
  prepareJump(buffer);
  real.longjmp(buffer, value);
  __builtin_unreachable();
}
HINDSIGHT_ALIAS(_longjmp, longjmp);
HINDSIGHT_ALIAS(siglongjmp, longjmp);

HINDSIGHT_INTERCEPTOR void __longjmp_chk(__jmp_buf_tag* buffer, int value) noexcept {
  prepareJump(buffer);
  real.__longjmp_chk(buffer, value);
  __builtin_unreachable();
}
