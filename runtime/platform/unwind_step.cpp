#include "platform/unwind_step.h"

#include "platform/unwind.h"

namespace hindsight {
namespace {

#if defined(__x86_64__)
constexpr int kGeneralRegisters = 16;
#else
constexpr int kGeneralRegisters = 32;  // the stack pointer is the last
#endif

/// The cursor is at a frame that a signal interrupted.
void correctInterrupted(UnwindCursor& cursor) {
  uptr pc = 0;
  UnwindProcedure procedure = {};
  if (unw_get_reg(cursor.words, kRegisterIp, &pc) != 0 ||
      unw_get_proc_info(cursor.words, &procedure) != 0)
    return;
  // Who jumps astray is interrupted, too: there no table holds.
  if (pc < procedure.start_ip || pc >= procedure.end_ip) return;
  UnwindContext context;
  HINDSIGHT_CAPTURE(context);
  UnwindCursor corrected;
  if (unw_init_local(corrected.words, context.words) != 0) return;
  for (int i = 0; i < kGeneralRegisters; ++i) {
    uptr value = 0;
    if (unw_get_reg(cursor.words, i, &value) != 0 || unw_set_reg(corrected.words, i, value) != 0)
      return;
  }
  if (unw_set_reg(corrected.words, kRegisterIp, pc + 1) != 0) return;
  cursor = corrected;
}

}  // namespace

bool stepOut(UnwindCursor& cursor) {
  if (unw_step(cursor.words) <= 0) return false;
  if (unw_is_signal_frame(cursor.words) > 0) correctInterrupted(cursor);
  return true;
}

}  // namespace hindsight
