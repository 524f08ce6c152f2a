#include "entry/foreign_frames.h"

#include "threads/thread.h"

namespace hindsight {
namespace {

constexpr u32 kStackBits = 48;
constexpr uptr kStackMask = (1ull << kStackBits) - 1;

/// Once an entry has been pushed here; without any, no longjmp needs to look for them.
constinit bool has_foreign_frames = false;

constexpr uptr makeMark(uptr pc, uptr stack) { return pc << kStackBits | (stack & kStackMask); }

/// The stack pointer of the entry's function; 0 if it was not pushed here.
uptr stackOf(const ShadowStack& shadow, const uptr* entry) {
  const uptr mark = *markOf(shadow, entry);
  return mark >> kStackBits == (*entry & 0xffff) ? mark & kStackMask : 0;
}

bool isBelow(uptr frame, uptr stack) { return frame != 0 && frame < stack; }

/// A thread of our own with the pointer on its own stack (shadow_stack.h).
const ShadowStack* shadowOf(const TlsBlock& tls) {
  if (tls.thread == nullptr) return nullptr;
  const ShadowStack& shadow = tls.thread->history.stack;
  return ownsEntry(shadow, tls.stack) ? &shadow : nullptr;
}

}  // namespace

void enterForeignFrame(uptr pc, uptr stack) {
  TlsBlock& tls = __hindsight_tls;
  uptr* const entry = tls.stack;
  // The pointer first: a signal handler that comes in between pushes above this entry.
  tls.stack = entry + 1;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  *entry = pc;
  if (HINDSIGHT_UNLIKELY(!__atomic_load_n(&has_foreign_frames, __ATOMIC_RELAXED)))
    __atomic_store_n(&has_foreign_frames, true, __ATOMIC_RELAXED);  // read by this thread's longjmp
  if (const ShadowStack* shadow = shadowOf(tls)) *markOf(*shadow, entry) = makeMark(pc, stack);
}

void leaveForeignFrame(uptr pc, uptr stack) {
  TlsBlock& tls = __hindsight_tls;
  const ShadowStack* shadow = shadowOf(tls);
  if (shadow == nullptr) {
    if (tls.thread == nullptr) --tls.stack;  // nobody reads it
    return;
  }
  uptr* top = tls.stack - 1;
  // Usually none: frames below this one's, but for its own at a tail call, which returns there too.
  while (top > shadow->base && isBelow(stackOf(*shadow, top), stack) &&
         (*top & ~kLoggedFrame) != pc)
    --top;
  if (top > shadow->base) tls.stack = top;
}

bool isForeignFrame(const ShadowStack& shadow, const uptr* entry) {
  return stackOf(shadow, entry) != 0;
}

void unwindForeignFrames(uptr stack) {
  if (!__atomic_load_n(&has_foreign_frames, __ATOMIC_RELAXED)) return;
  TlsBlock& tls = __hindsight_tls;
  const ShadowStack* shadow = shadowOf(tls);
  if (shadow == nullptr) return;
  uptr* live_end = tls.stack;
  for (uptr* entry = tls.stack - 1; entry > shadow->base; --entry) {
    const uptr frame = stackOf(*shadow, entry);
    if (isBelow(frame, stack)) live_end = entry;
    if (frame >= stack) break;
  }
  tls.stack = live_end;
}

}  // namespace hindsight
