// Checks of vector instructions that touch some of their lanes (pass/masked.cpp).
//
// Called with the ordinary convention: the caller has saved its vector registers.
#include "entry/access.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

/// Lane i, of `bytes` bytes at base + i * bytes, is touched if bit i of `lanes` is set.
void checkLanes(uptr base, u64 lanes, size_t bytes, bool writes, uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  if (thread == nullptr || tls.in_runtime != 0) return;
  enterRuntime(tls);
  while (lanes != 0) {
    const u32 first = static_cast<u32>(__builtin_ctzll(lanes));
    const u64 rest = ~(lanes >> first);
    const u32 count = rest == 0 ? 64 : static_cast<u32>(__builtin_ctzll(rest));
    checkAccess(*thread, base + first * bytes, count * bytes, writes, {pc, tls.stack});
    const u32 end = first + count;
    lanes = end == 64 ? 0 : lanes >> end << end;
  }
  leaveRuntime(tls);
}

}  // namespace

HINDSIGHT_EXPORT void __hindsight_read_masked(uptr base, u64 lanes, size_t bytes) {
  checkLanes(base, lanes, bytes, false, reinterpret_cast<uptr>(__builtin_return_address(0)));
}
HINDSIGHT_EXPORT void __hindsight_write_masked(uptr base, u64 lanes, size_t bytes) {
  checkLanes(base, lanes, bytes, true, reinterpret_cast<uptr>(__builtin_return_address(0)));
}

}  // namespace hindsight
