// What the context switches of fcontext.S do besides switching.
#include "entry/access.h"
#include "intercept/intercepted_call.h"
#include "threads/contexts.h"

using namespace hindsight;

namespace {

/// What lies at the stack pointer of a context that nobody runs; drawn in fcontext.S.
#if defined(__x86_64__)
struct LeftContext {
  u32 vector_control;
  u16 float_control;
  u16 unused;
  ContextTag tag;
  u64 r12_to_r15[4];
  u64 rbx, rbp;
  uptr go_on;
};
static_assert(sizeof(LeftContext) == 80);

constexpr u32 kVectorControl = 0x1f80;  // as at the start of a program
constexpr u16 kFloatControl = 0x37f;

void fill(LeftContext& context, u64 function, uptr begin_code) {
  context.vector_control = kVectorControl;
  context.float_control = kFloatControl;
  context.rbx = function;
  context.go_on = begin_code;
}
#else
struct LeftContext {
  ContextTag tag;
  u64 d8_to_d15[8];
  u64 x19, x20_to_x28[9];
  u64 x29;
  uptr go_on;
};
static_assert(sizeof(LeftContext) == 176);

void fill(LeftContext& context, u64 function, uptr begin_code) {
  context.x19 = function;
  context.go_on = begin_code;
}
#endif

}  // namespace

extern "C" __attribute__((visibility("hidden"), used)) void hindsightSwitchContext(
    ContextTag* left, const ContextTag* target, uptr stack_pointer) {
  *left = {nullptr, 0};
  const TlsBlock& tls = __hindsight_tls;
  if (tls.thread == nullptr || tls.in_runtime != 0) return;
  RuntimeScope scope;
  *left = tagOf(*tls.thread);
  followContext(*tls.thread, target, stack_pointer);
}

extern "C" __attribute__((visibility("hidden"), used)) LeftContext* hindsightMakeFcontext(
    uptr stack_end, size_t stack_bytes, void (*function)(void*, void*), uptr pc, uptr begin_code) {
  constexpr uptr kRedZone = 16, kStackAlignment = 16;
  auto* context = reinterpret_cast<LeftContext*>(roundDown(stack_end - kRedZone, kStackAlignment) -
                                                 sizeof(LeftContext));
  *context = {};
  InterceptedCall call(pc);
  if (!call.bypass()) {
    const uptr begin = stack_end - stack_bytes;
    context->tag = makeContext(call.thread(), pc, begin, stack_end);
    if (context->tag.record != nullptr) resetShadow(begin, stack_bytes);
  }
  fill(*context, reinterpret_cast<u64>(function), begin_code);
  return context;
}
