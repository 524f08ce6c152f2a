// unwind_step.h - from one frame of the calling thread's stack to the next, through signal frames.
//
// LLVM's libunwind takes every frame's program counter for a return address: it applies the row of
// the unwind table that holds for the byte before. A signal interrupts *at* an instruction. Where a
// row begins there, as behind the `pop %rbp` of an epilogue, libunwind would compute the frame from
// a register that is the caller's again, and read whatever memory that leads to. So the program
// counter of an interrupted frame is moved on by one, in a cursor of its own (the old one looks for
// the table yet another byte further on, which may be behind the function). Behind a `ret` that
// ends its function libunwind finds this table still, or the next one's, whose first row is the
// same.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "base/types.h"

extern "C" {
// LLVM's libunwind [libunwind.h]; declared here so that either header will do at build time.
struct UnwindProcedure {
  unsigned long start_ip, end_ip, lsda, handler, gp, flags;
  uint32_t format, unwind_info_size;
  unsigned long unwind_info;  // the FDE
  unsigned long extra;
};
int unw_init_local(void* cursor, void* context);
int unw_step(void* cursor);
int unw_get_reg(void* cursor, int reg, unsigned long* value);
int unw_set_reg(void* cursor, int reg, unsigned long value);
int unw_is_signal_frame(void* cursor);
int unw_get_proc_info(void* cursor, UnwindProcedure* procedure);
}

namespace hindsight {

constexpr int kRegisterIp = -1, kRegisterSp = -2;  // UNW_REG_IP, UNW_REG_SP

struct UnwindCursor {
  alignas(16) u64 words[256];
};

/// Moves from a frame to its caller's. False at the end of the stack. The program counter is then
/// behind a call, or one byte behind the beginning of the instruction that a signal interrupted.
bool stepOut(UnwindCursor& cursor);

}  // namespace hindsight
