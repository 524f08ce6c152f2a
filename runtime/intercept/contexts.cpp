// contexts.cpp - makecontext, swapcontext, setcontext: a context is a fiber with clock, shadow
// stack and history of its own, in whichever thread it runs (threads/contexts.h).
//
// The tag lies in words of ucontext_t that the C library reserves and never touches. A context that
// getcontext filled has none; it is known by its stack.
//
// A function that returns leads to uc_link by way of code in the C library that calls an internal
// setcontext. When a context first runs, the return address that makecontext left on its stack
// (x86-64) or in its link register is replaced by __hindsight_context_return, which switches and
// then goes on there.
//
// Thread safety: any thread. Allocation: arena, for makecontext.
#include <ucontext.h>

#include "entry/access.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "intercept/taken_faults.h"
#include "threads/contexts.h"

using namespace hindsight;

extern "C" __attribute__((visibility("hidden"))) void __hindsight_context_return();
/// Where a context's function returns to in the C library.
extern "C" __attribute__((visibility("hidden"))) uptr hindsight_context_return;
uptr hindsight_context_return = 0;

namespace {

struct TaggedContext {
  ContextTag tag;
  u64 is_fresh;  // made, but never run
};

bool isOnStack(const ucontext_t* context, uptr address) {
  return address - reinterpret_cast<uptr>(context->uc_stack.ss_sp) < context->uc_stack.ss_size;
}

#if defined(__x86_64__)

static_assert(sizeof(TaggedContext) <= sizeof(mcontext_t::__reserved1));
TaggedContext& tagIn(ucontext_t* context) {
  return *reinterpret_cast<TaggedContext*>(context->uc_mcontext.__reserved1);
}
constexpr uptr kNopBytes = 1;
/// An address on the stack that the context goes on with.
uptr stackOf(const ucontext_t* context) {
  return static_cast<uptr>(context->uc_mcontext.gregs[REG_RSP]);
}

/// Where makecontext of glibc leaves the return address: on top of the stack, if a register points
/// to uc_link there. Null: that was not glibc's.
uptr* returnAddressOf(ucontext_t* context) {
  const auto* link = reinterpret_cast<ucontext_t* const*>(context->uc_mcontext.gregs[REG_RBX]);
  if (!isOnStack(context, reinterpret_cast<uptr>(link)) || !isOnStack(context, stackOf(context)) ||
      *link != context->uc_link)
    return nullptr;
  return reinterpret_cast<uptr*>(stackOf(context));
}

#else

/// At the end of what the kernel may add to its record one day; the C library writes its beginning.
TaggedContext& tagIn(ucontext_t* context) {
  constexpr size_t kRoom = sizeof(context->uc_mcontext.__reserved);
  return *reinterpret_cast<TaggedContext*>(context->uc_mcontext.__reserved + kRoom -
                                           roundUp(sizeof(TaggedContext), 16));
}
constexpr uptr kNopBytes = 4;
/// A new context's stack pointer is the end of its stack.
uptr stackOf(const ucontext_t* context) { return static_cast<uptr>(context->uc_mcontext.sp) - 1; }

/// As above: in the link register, if another has uc_link.
uptr* returnAddressOf(ucontext_t* context) {
  constexpr int kLink = 19, kReturn = 30;
  auto* registers = context->uc_mcontext.regs;
  if (registers[kLink] != reinterpret_cast<uptr>(context->uc_link) ||
      !isOnStack(context, stackOf(context)))
    return nullptr;
  static_assert(sizeof(registers[kReturn]) == sizeof(uptr));
  return reinterpret_cast<uptr*>(&registers[kReturn]);
}

#endif

void hookReturn(ucontext_t* context) {
  uptr* const return_address = returnAddressOf(context);
  if (return_address == nullptr) return;
  const uptr known = __atomic_load_n(&hindsight_context_return, __ATOMIC_RELAXED);
  if (known != 0 && known != *return_address) return;
  __atomic_store_n(&hindsight_context_return, *return_address, __ATOMIC_RELAXED);
  // One instruction in, as a return address lies behind a call: stacks look up what is before.
  *return_address = reinterpret_cast<uptr>(__hindsight_context_return) + kNopBytes;
}

/// The calling thread leaves its context, whose tag goes to `left` if there is one, for `target`.
void switchTo(ucontext_t* left, const ucontext_t* target, bool ends) {
  const TlsBlock& tls = __hindsight_tls;
  if (tls.thread == nullptr || tls.in_runtime != 0) return;
  RuntimeScope scope;
  if (left != nullptr) tagIn(left) = {tagOf(*tls.thread), 0};
  if (target == nullptr || __atomic_load_n(&followed_contexts, __ATOMIC_RELAXED) == 0) return;
  auto* const changed = const_cast<ucontext_t*>(target);
  const TaggedContext tagged = tagIn(changed);
  if (tagged.is_fresh == 1 && tagged.tag.record != nullptr) hookReturn(changed);
  (ends ? endContext : followContext)(*tls.thread, &tagged.tag, stackOf(target));
}

}  // namespace

extern "C" __attribute__((visibility("hidden"), used)) void* hindsightMakeContext(
    ucontext_t* context, uptr pc) {
  InterceptedCall call(pc);
  if (!call.bypass()) {
    const auto begin = reinterpret_cast<uptr>(context->uc_stack.ss_sp);
    const uptr end = begin + context->uc_stack.ss_size;
    const ContextTag tag = makeContext(call.thread(), pc, begin, end);
    tagIn(context) = {tag, 1};
    if (tag.record != nullptr) resetShadow(begin, end - begin);
  }
  void (*real_function)(ucontext_t*, void (*)(), int, ...) = real.makecontext;
  return reinterpret_cast<void*>(real_function);
}

extern "C" __attribute__((visibility("hidden"), used)) void hindsightContextEnds(ucontext_t* link) {
  switchTo(nullptr, link, true);
}

/// Passes on whatever arguments there are.
HINDSIGHT_INTERCEPTOR __attribute__((naked)) void makecontext(ucontext_t*, void (*)(), int,
                                                              ...) noexcept {
#if defined(__x86_64__)
  asm("pushq %rdi\n\tpushq %rsi\n\tpushq %rdx\n\tpushq %rcx\n\tpushq %r8\n\tpushq %r9\n\tpushq "
      "%rax\n\t"
      "movq 56(%rsp), %rsi\n\t"
      "call hindsightMakeContext\n\t"
      "movq %rax, %r11\n\t"
      "popq %rax\n\tpopq %r9\n\tpopq %r8\n\tpopq %rcx\n\tpopq %rdx\n\tpopq %rsi\n\tpopq %rdi\n\t"
      "jmpq *%r11");
#else
  asm("stp x29, x30, [sp, #-80]!\n\t"
      "stp x0, x1, [sp, #16]\n\tstp x2, x3, [sp, #32]\n\tstp x4, x5, [sp, #48]\n\tstp x6, x7, [sp, "
      "#64]\n\t"
      "mov x1, x30\n\t"
      "bl hindsightMakeContext\n\t"
      "mov x16, x0\n\t"
      "ldp x0, x1, [sp, #16]\n\tldp x2, x3, [sp, #32]\n\tldp x4, x5, [sp, #48]\n\tldp x6, x7, [sp, "
      "#64]\n\t"
      "ldp x29, x30, [sp], #80\n\t"
      "br x16");
#endif
}

#if defined(__x86_64__)
asm(R"(
  .text
  .p2align 4
  .hidden __hindsight_context_return
  .globl __hindsight_context_return
  .type __hindsight_context_return, @function
__hindsight_context_return:
  .cfi_startproc
  .cfi_undefined %rip
  nop
  movq (%rbx), %rdi
  callq hindsightContextEnds
  jmpq *hindsight_context_return(%rip)
  .cfi_endproc
  .size __hindsight_context_return, .-__hindsight_context_return
)");
#else
asm(R"(
  .text
  .p2align 4
  .hidden __hindsight_context_return
  .globl __hindsight_context_return
  .type __hindsight_context_return, @function
__hindsight_context_return:
  .cfi_startproc
  .cfi_undefined x30
  nop
  mov x0, x19
  bl hindsightContextEnds
  adrp x16, hindsight_context_return
  ldr x16, [x16, :lo12:hindsight_context_return]
  br x16
  .cfi_endproc
  .size __hindsight_context_return, .-__hindsight_context_return
)");
#endif

namespace {

/// The context's mask becomes the thread's.
void adoptMask(const ucontext_t* target) {
  if (HINDSIGHT_LIKELY(!faults_are_taken) || target == nullptr) return;
  __hindsight_tls.faults_blocked = hideFaults(const_cast<ucontext_t*>(target)->uc_sigmask);
}

}  // namespace

HINDSIGHT_INTERCEPTOR int swapcontext(ucontext_t* left, const ucontext_t* target) noexcept {
  switchTo(left, target, false);
  adoptMask(target);
  return real.swapcontext(left, target);
}

HINDSIGHT_INTERCEPTOR int setcontext(const ucontext_t* target) noexcept {
  switchTo(nullptr, target, false);
  adoptMask(target);
  return real.setcontext(target);
}
