#include "report/stack_frame.h"

#include "platform/mappings.h"

namespace hindsight {
namespace {

constexpr u32 kMostCalls = 128;            // innermost ones, that are looked for
constexpr size_t kLargestFrame = 1 << 18;  // bytes
constexpr u32 kMostSteps = 512;            // with frames of libraries in between

/// What is mapped around an address, or nothing. The stack of the main thread grows, and what it
/// may grow into is not there yet.
struct Mapping {
  uptr address;
  uptr begin, end;
};
Mapping mappingOf(uptr address) {
  Mapping found{address, 0, 0};
  forEachMapping(
      [](uptr begin, uptr end, void* argument) {
        auto& mapping = *static_cast<Mapping*>(argument);
        if (mapping.address >= begin && mapping.address < end)
          mapping.begin = begin, mapping.end = end;
      },
      &found);
  return found;
}

uptr load(uptr address) {
  return __atomic_load_n(reinterpret_cast<const uptr*>(address), __ATOMIC_RELAXED);
}

/// Another thread's stack and the calls in it, innermost first.
struct OtherStack {
  uptr begin, end;
  uptr calls[kMostCalls];
  u32 count;

  bool has(uptr address) const {
    return address >= begin && address <= end - sizeof(uptr) && address % 8 == 0;
  }
};

/// A frame that is not over: where it goes on, and the registers there. `bp` 0: unknown.
struct Activation {
  uptr pc, sp, bp;
};

/// rbp in the frame of `at`, by the first return address above that is `call` (0: unknown); 0 if
/// there is none.
uptr bpByCall(const OtherStack& stack, const Activation& at, const FrameRule& rule, uptr call) {
  if (call == 0) return 0;
  const uptr behind = min(stack.end - sizeof(uptr), at.sp + kLargestFrame);
  for (uptr slot = at.sp; slot < behind; slot += 8)
    if (load(slot) == call) return slot + 8 - static_cast<uptr>(rule.cfa_offset);
  return 0;
}

/// Where the frame of `at` ends; 0 if that is not in the stack.
uptr endOf(const OtherStack& stack, const Activation& at, const FrameRule& rule) {
  const uptr cfa = static_cast<uptr>(rule.cfa_offset) + (rule.cfa_from_bp ? at.bp : at.sp);
  return cfa > at.sp && stack.has(cfa - 8) ? cfa : 0;
}

FrameView viewOf(const Activation& at, uptr cfa, const FrameRule& rule) {
  FrameView view{};
  view.pc = at.pc;
  view.is_exact = true;
  view.bottom = at.sp;
  view.cfa = cfa;
  view.bp = rule.cfa_from_bp ? at.bp : 0;
  view.sp =
      rule.cfa_from_bp || rule.body_offset == 0 ? 0 : cfa - static_cast<uptr>(rule.body_offset);
  return view;
}

/// One call outwards. False if the rule leads nowhere. If `address` is in the frame that is left,
/// `around` becomes that. `next`: the call of the shadow stack that is to be met next.
bool step(const OtherStack& stack, Activation& at, uptr next, uptr address, FrameView& around) {
  FrameRule rule;
  if (!frameRuleAt(at.pc - 1, rule)) return false;
  if (rule.cfa_from_bp && at.bp == 0) at.bp = bpByCall(stack, at, rule, next);
  const uptr cfa = endOf(stack, at, rule);
  if (cfa == 0) return false;
  if (address >= at.sp && address < cfa) around = viewOf(at, cfa, rule);
  if (rule.saves_bp) {
    const uptr saved = cfa + static_cast<uptr>(rule.bp_offset);
    if (!stack.has(saved)) return false;
    at.bp = load(saved);
  }
  at.pc = load(cfa - 8);
  at.sp = cfa;
  return true;
}

bool meetsCalls(const OtherStack& stack, u32 first, Activation at, uptr address,
                FrameView& around) {
  around = {};
  u32 next = first + 1;
  if (next == stack.count) return false;  // nothing to recognise it by
  for (u32 i = 0; i < kMostSteps; ++i) {
    if (!step(stack, at, stack.calls[next], address, around)) return false;
    if (at.pc != stack.calls[next]) continue;
    ++next;
    if (next == stack.count) return true;
  }
  return false;
}

/// Whether from call `first` on outwards, all of the calls are met in their order. `around`: the
/// frame on the way that `address` is in. What `at` has for rbp is a guess.
bool leadsOut(const OtherStack& stack, u32 first, Activation at, uptr address, FrameView& around) {
  return meetsCalls(stack, first, at, address, around) ||
         meetsCalls(stack, first, {at.pc, at.sp, 0}, address, around);
}

/// Whether this is in the C library's function that calls the thread's own, and not in that one:
/// between it and the beginning of the stack there is one frame more, or two in the main thread.
bool isStart(const Thread& owner, const OtherStack& stack, Activation at) {
  FrameRule rule;
  FrameView unused;
  if (!frameRuleAt(at.pc - 1, rule) || rule.function == owner.start_function) return false;
  u32 steps = 0;
  while (steps < 3 && step(stack, at, 0, 0, unused)) ++steps;
  return steps == 1 || (steps == 2 && owner.id == 0);
}

/// What is in `slot` of the stack, if it is the return address of a call that goes on: which call.
bool isCall(const OtherStack& stack, uptr slot, u32& call, Activation& at) {
  const uptr word = load(slot);
  for (call = 0; call < stack.count; ++call) {
    if (word != stack.calls[call]) continue;
    // Functions that keep a frame pointer save their caller's first.
    at = {word, slot + 8, load(slot - 8)};
    return true;
  }
  return false;
}

/// From the calls below the address.
FrameView searchDownwards(const OtherStack& stack, uptr address) {
  const uptr lowest = max(stack.begin + 8, address - min(address, kLargestFrame));
  for (uptr slot = roundDown(address, 8) - 8; slot >= lowest; slot -= 8) {
    u32 call;
    Activation at;
    FrameView around;
    if (isCall(stack, slot, call, at) && leadsOut(stack, call, at, address, around) &&
        around.pc != 0)
      return around;
  }
  return {};
}

/// Whether the code at `pc` begins with these bytes.
template <size_t kBytes>
bool isCodeAt(uptr pc, const u8 (&bytes)[kBytes]) {
  return __builtin_memcmp(reinterpret_cast<const void*>(pc), bytes, kBytes) == 0;
}

/// What the four bytes in front of `pc`, the end of an instruction, lead to from there.
uptr relativeTo(uptr pc) {
  int32_t distance;
  __builtin_memcpy(&distance, reinterpret_cast<const void*>(pc - sizeof distance), sizeof distance);
  return pc + static_cast<uptr>(static_cast<sptr>(distance));
}

constexpr uptr kDistanceBytes = 4;

/// `function`, or if that is an entry of a procedure linkage table, the function it jumps to.
uptr behindLinkage(uptr function) {
  constexpr u8 kEndbr[] = {0xf3, 0x0f, 0x1e, 0xfa}, kBnd[] = {0xf2}, kJumpBy[] = {0xff, 0x25};
  uptr pc = function;
  if (isCodeAt(pc, kEndbr)) pc += sizeof kEndbr;
  if (isCodeAt(pc, kBnd)) pc += sizeof kBnd;
  return isCodeAt(pc, kJumpBy) ? load(relativeTo(pc + sizeof kJumpBy + kDistanceBytes)) : function;
}

/// The function that the call before `pc` is to, directly or by the linkage tables; 0 if it is no
/// such call.
uptr calledBefore(uptr pc) {
  constexpr u8 kCall[] = {0xe8}, kCallBy[] = {0xff, 0x15};
  if (isCodeAt(pc - kDistanceBytes - sizeof kCallBy, kCallBy))
    return load(relativeTo(pc));  // -fno-plt
  if (isCodeAt(pc - kDistanceBytes - sizeof kCall, kCall)) return behindLinkage(relativeTo(pc));
  return 0;
}

/// The frame that ends at `end`, of a function somewhere in which the thread is.
FrameView frameOfFunction(uptr function, uptr bottom, uptr end) {
  FrameRule rule;
  if (function == 0 || !frameRuleAt(function, rule)) return {};
  if (rule.function != function || rule.cfa_from_bp || rule.cfa_offset != 8) return {};
  FrameView view{};
  view.pc = function + 1;
  view.bottom = bottom;
  view.cfa = end;
  if (rule.body_bp_offset != 0)
    view.bp = end - static_cast<uptr>(rule.body_bp_offset);
  else if (rule.body_offset != 0)
    view.sp = end - static_cast<uptr>(rule.body_offset);
  return view;
}

/// From the first call above the address.
FrameView searchUpwards(const Thread& owner, const OtherStack& stack, uptr address) {
  const uptr behind = min(stack.end - sizeof(uptr), address + kLargestFrame);
  for (uptr slot = roundUp(address + 1, 8); slot < behind; slot += 8) {
    u32 call;
    Activation at;
    FrameView unused;
    if (!isCall(stack, slot, call, at)) continue;
    const bool is_outermost = call + 1 == stack.count;
    if (!(is_outermost ? isStart(owner, stack, at) : leadsOut(stack, call, at, 0, unused)))
      continue;
    const uptr function = is_outermost ? owner.start_function : calledBefore(at.pc);
    return function != 0 ? frameOfFunction(function, roundDown(address, 8), slot + 8) : FrameView{};
  }
  return {};
}

}  // namespace

FrameView ownFrameOf(UnwindContext& registers, uptr first_pc, uptr address) {
  FoundFrame found;
  FrameRule rule;
  if (!findOwnFrame(registers, first_pc, address, found) || !frameRuleAt(found.pc - 1, rule))
    return {};
  const uptr cfa = static_cast<uptr>(rule.cfa_offset) + (rule.cfa_from_bp ? found.bp : found.sp);
  if (cfa != found.cfa) return {};
  return viewOf({found.pc, found.sp, found.bp}, cfa, rule);
}

FrameView frameOf(const Thread& owner, uptr address) {
  if (owner.tls == nullptr || owner.is_fiber || owner.parked_stack != nullptr) return {};
  const Mapping mapping = mappingOf(address);
  OtherStack stack;
  stack.begin = max(owner.stack_begin, mapping.begin);
  stack.end = min(owner.stack_end, mapping.end);
  if (stack.begin >= stack.end) return {};
  const uptr* const top = __atomic_load_n(&owner.tls->stack, __ATOMIC_RELAXED);
  stack.count = copyFrames(owner.history.stack, top, stack.calls, kMostCalls);

  const FrameView found = searchDownwards(stack, address);
  return found.pc != 0 ? found : searchUpwards(owner, stack, address);
}

}  // namespace hindsight
