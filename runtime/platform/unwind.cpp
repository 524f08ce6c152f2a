#include "platform/unwind.h"

extern "C" {
// LLVM's libunwind [libunwind.h]; declared here so that either header will do at build time.
int unw_init_local(void* cursor, void* context);
int unw_step(void* cursor);
int unw_get_reg(void* cursor, int reg, unsigned long* value);
}

namespace hindsight {
namespace {

constexpr int kRegisterIp = -1;  // UNW_REG_IP

struct Cursor {
  alignas(16) u64 words[256];
};

}  // namespace

u32 unwindFrom(UnwindContext& context, uptr pc, uptr* out, u32 capacity) {
  constexpr u32 kLargestDetour = 64;  // frames of the runtime and of libc above `pc`
  Cursor cursor;
  if (unw_init_local(cursor.words, context.words) != 0) return 0;
  u32 count = 0;
  for (u32 skipped = 0; unw_step(cursor.words) > 0 && count < capacity;) {
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
