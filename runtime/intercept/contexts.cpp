// contexts.cpp - makecontext, swapcontext, setcontext: a context is a fiber with clock, shadow stack and
// history of its own, in whichever thread it runs (threads/contexts.h).
//
// The tag lies in words of ucontext_t that the C library reserves and never touches. A context that
// getcontext filled has none; it is known by its stack.
//
// A function that returns leads to uc_link by way of code in the C library that calls an internal
// setcontext. When a context first runs, the return address that makecontext left on its stack is
// replaced by __hindsight_context_return, which switches and then goes on there.
//
// Thread safety: any thread. Allocation: arena, for makecontext.
#include <ucontext.h>

#include "entry/access.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "threads/contexts.h"

using namespace hindsight;

#if defined(__x86_64__)

extern "C" __attribute__((visibility("hidden"))) void __hindsight_context_return();
/// Where a context's function returns to in the C library.
extern "C" __attribute__((visibility("hidden"))) uptr hindsight_context_return;
uptr hindsight_context_return = 0;

namespace {

struct TaggedContext {
  ContextTag tag;
  u64 is_fresh;  // made, but never run
};
static_assert(sizeof(TaggedContext) <= sizeof(mcontext_t::__reserved1));

TaggedContext& tagIn(ucontext_t* context) {
  return *reinterpret_cast<TaggedContext*>(context->uc_mcontext.__reserved1);
}
uptr stackPointerOf(const ucontext_t* context) {
  return static_cast<uptr>(context->uc_mcontext.gregs[REG_RSP]);
}

/// The stack as makecontext of glibc leaves it: the return address on top, and a register that points
/// to uc_link. Anything else is left alone.
void hookReturn(const ucontext_t* context) {
  const auto* link = reinterpret_cast<ucontext_t* const*>(context->uc_mcontext.gregs[REG_RBX]);
  auto* return_address = reinterpret_cast<uptr*>(stackPointerOf(context));
  const auto begin = reinterpret_cast<uptr>(context->uc_stack.ss_sp);
  const auto isOnStack = [&](uptr address) { return address - begin < context->uc_stack.ss_size; };
  if (!isOnStack(reinterpret_cast<uptr>(link)) || !isOnStack(stackPointerOf(context)) ||
      *link != context->uc_link)
    return;
  const uptr known = __atomic_load_n(&hindsight_context_return, __ATOMIC_RELAXED);
  if (known != 0 && known != *return_address) return;
  __atomic_store_n(&hindsight_context_return, *return_address, __ATOMIC_RELAXED);
  // One byte in, as a return address lies behind a call: stacks look up the byte before.
  *return_address = reinterpret_cast<uptr>(__hindsight_context_return) + 1;
}

/// The calling thread leaves its context, whose tag goes to `left` if there is one, for `target`.
void switchTo(ucontext_t* left, const ucontext_t* target, bool ends) {
  TlsBlock& tls = __hindsight_tls;
  if (tls.thread == nullptr || tls.in_runtime != 0) return;
  RuntimeScope scope;
  if (left != nullptr) tagIn(left) = {tagOf(*tls.thread), 0};
  if (target == nullptr || __atomic_load_n(&followed_contexts, __ATOMIC_RELAXED) == 0) return;
  TaggedContext tagged = tagIn(const_cast<ucontext_t*>(target));
  if (tagged.is_fresh == 1 && tagged.tag.record != nullptr) hookReturn(target);
  (ends ? endContext : followContext)(*tls.thread, &tagged.tag, stackPointerOf(target));
}

}  // namespace

extern "C" __attribute__((visibility("hidden"), used)) void* hindsightMakeContext(ucontext_t* context,
                                                                                  uptr pc) {
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
HINDSIGHT_INTERCEPTOR __attribute__((naked)) void makecontext(ucontext_t*, void (*)(), int, ...) noexcept {
  asm("pushq %rdi\n\tpushq %rsi\n\tpushq %rdx\n\tpushq %rcx\n\tpushq %r8\n\tpushq %r9\n\tpushq %rax\n\t"
      "movq 56(%rsp), %rsi\n\t"
      "call hindsightMakeContext\n\t"
      "movq %rax, %r11\n\t"
      "popq %rax\n\tpopq %r9\n\tpopq %r8\n\tpopq %rcx\n\tpopq %rdx\n\tpopq %rsi\n\tpopq %rdi\n\t"
      "jmpq *%r11");
}

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

HINDSIGHT_INTERCEPTOR int swapcontext(ucontext_t* left, const ucontext_t* target) noexcept {
  switchTo(left, target, false);
  return real.swapcontext(left, target);
}

HINDSIGHT_INTERCEPTOR int setcontext(const ucontext_t* target) noexcept {
  switchTo(nullptr, target, false);
  return real.setcontext(target);
}

#endif  // __x86_64__
