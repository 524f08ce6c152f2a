// unwind_hook.cpp - the frame with a personality of its own, see unwind_hook.h.
//
// A personality routine is told which frame it is called for only through functions of the
// unwinder, and a process may have two unwinders. So the hooks of a thread form a stack, and the
// routine takes the topmost, which is the frame's: frames unwind in the order of that stack. A
// longjmp over such a frame leaves its hook on the stack until the next frame further out pops past
// it.
#include "intercept/unwind_hook.h"

#include <unwind.h>

#include "base/types.h"

namespace hindsight {
namespace {

struct UnwindHook {
  void (*unwound)(void*);
  void* argument;
  UnwindHook* outer;
};

constinit thread_local UnwindHook* innermost_hook = nullptr;

}  // namespace
}  // namespace hindsight

using namespace hindsight;

/// Calls `body(argument)`; its unwind information names the personality below.
extern "C" __attribute__((visibility("hidden"))) void hindsightUnwindFrame(void (*body)(void*),
                                                                           void* argument);

extern "C" __attribute__((visibility("hidden"), used)) _Unwind_Reason_Code
hindsightUnwindPersonality(int /*version*/, _Unwind_Action actions, u64 /*exception_class*/,
                           _Unwind_Exception* /*exception*/, _Unwind_Context* /*context*/) {
  if ((static_cast<u32>(actions) & static_cast<u32>(_UA_CLEANUP_PHASE)) != 0 &&
      innermost_hook != nullptr) {
    const UnwindHook hook = *innermost_hook;
    innermost_hook = hook.outer;
    hook.unwound(hook.argument);
  }
  return _URC_CONTINUE_UNWIND;
}

// 0x1b: the personality is a 4-byte offset from where it is stored.
#if defined(__x86_64__)
asm(R"(
  .text
  .p2align 4
  .hidden hindsightUnwindFrame
  .globl hindsightUnwindFrame
  .type hindsightUnwindFrame, @function
hindsightUnwindFrame:
  .cfi_startproc
  .cfi_personality 0x1b, hindsightUnwindPersonality
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  movq %rdi, %rax
  movq %rsi, %rdi
  callq *%rax
  popq %rbp
  .cfi_def_cfa %rsp, 8
  retq
  .cfi_endproc
  .size hindsightUnwindFrame, .-hindsightUnwindFrame
)");
#elif defined(__aarch64__)
asm(R"(
  .text
  .p2align 4
  .hidden hindsightUnwindFrame
  .globl hindsightUnwindFrame
  .type hindsightUnwindFrame, @function
hindsightUnwindFrame:
  .cfi_startproc
  .cfi_personality 0x1b, hindsightUnwindPersonality
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset x29, -16
  .cfi_offset x30, -8
  mov x29, sp
  mov x9, x0
  mov x0, x1
  blr x9
  ldp x29, x30, [sp], #16
  .cfi_def_cfa_offset 0
  ret
  .cfi_endproc
  .size hindsightUnwindFrame, .-hindsightUnwindFrame
)");
#endif

namespace hindsight {

void callWithUnwindHook(void (*body)(void*), void (*unwound)(void*), void* argument) {
  UnwindHook hook{unwound, argument, innermost_hook};
  innermost_hook = &hook;
  hindsightUnwindFrame(body, argument);
  innermost_hook = hook.outer;
}

}  // namespace hindsight
