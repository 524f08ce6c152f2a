#include "platform/unwind.h"

#include "platform/unwind_step.h"

namespace hindsight {

u32 unwindFrom(UnwindContext& context, uptr pc, uptr* out, u32 capacity) {
  constexpr u32 kLargestDetour = 64;  // frames of the runtime and of libc above `pc`
  UnwindCursor cursor;
  if (unw_init_local(cursor.words, context.words) != 0) return 0;
  u32 count = 0;
  for (u32 skipped = 0; count < capacity && stepOut(cursor);) {
    uptr ip = 0;
    if (unw_get_reg(cursor.words, kRegisterIp, &ip) != 0 || ip == 0) break;
    if (count == 0 && ip != pc) {
      if (++skipped > kLargestDetour) break;
      continue;
    }
    out[count++] = ip;
  }
  return count;
}

}  // namespace hindsight
