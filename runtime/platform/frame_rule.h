// frame_rule.h - where a function's frame lies, from the unwind tables (.eh_frame) and nothing
// else.
//
//   CFA      the stack pointer before the call: the frame ends there, its return address lies below
//   rule     how the CFA follows from the stack pointer or rbp, at one program counter
//
// libunwind applies such rules itself, but reads whatever memory they lead to. Here the memory is
// that of a thread that runs meanwhile and the registers are partly conjecture, so rules are handed
// out and whoever applies them checks first. Rules that are expressions are refused. x86-64 only:
// elsewhere no frame has a rule.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "platform/unwind.h"

namespace hindsight {

struct FrameRule {
  uptr function;     // where it begins
  bool cfa_from_bp;  // CFA = rbp + cfa_offset, else rsp + cfa_offset
  sptr cfa_offset;
  bool saves_bp;  // the caller's rbp is at CFA + bp_offset, else still in rbp
  sptr bp_offset;
  sptr body_offset;  // CFA - rsp once the prologue is over, whatever has been pushed for a call; 0
                     // if unknown
  sptr body_bp_offset;  // CFA - rbp there; 0 if the function does not count from rbp
};

/// The rule at `pc`, which is an address inside an instruction, not behind it. False if there is
/// none.
bool frameRuleAt(uptr pc, FrameRule& rule);

/// One frame of the calling thread's stack.
struct FoundFrame {
  uptr pc;  // a return address, or behind an access
  uptr sp, bp, cfa;
};
/// The frame of the calling thread that `address` lies in, from `first_pc` (one of the frames above
/// the capture) outwards. False if it is in none of them.
bool findOwnFrame(UnwindContext& context, uptr first_pc, uptr address, FoundFrame& frame);

}  // namespace hindsight
