// The check of several accesses at once: neighbours that the pass has merged into one compare
// (pass/merge.cpp). They are recorded, and stand in history, as one; a report names the one it is
// about (forEachPart).
//
// Conventions as in access_abi.cpp.
#include "entry/access.h"
#include "entry/quick_access.h"
#include "entry/quick_few.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

/// Whether the access had a short road, and has taken it.
HINDSIGHT_ALWAYS_INLINE bool isQuick(Thread& thread, const AccessSite& site, uptr address,
                                     size_t bytes, bool writes) {
  if (bytes == 8)
    return writes ? quickAccess<8, true>(thread, site.top, address, site.pc)
                  : quickAccess<8, false>(thread, site.top, address, site.pc);
  if (bytes == 16)
    return writes ? quickAccess16<true>(thread, site.top, address, site.pc)
                  : quickAccess16<false>(thread, site.top, address, site.pc);
  return writes ? quickFew<true>(thread, site.top, address, bytes, site.pc)
                : quickFew<false>(thread, site.top, address, bytes, site.pc);
}

/// `caller` is 0 if the function has a frame on the shadow stack.
HINDSIGHT_ALWAYS_INLINE void checkParts(uptr address, u64 shape, bool writes, uptr caller,
                                        uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  if (HINDSIGHT_UNLIKELY(thread == nullptr || tls.in_runtime != 0)) return;
  enterRuntime(tls);
  uptr* top = tls.stack;
  if (caller != 0) {
    // As for a leaf's other checks: history need not hear of the same caller again.
    if (*top != (caller | kLoggedFrame) || (top[-1] & kLoggedFrame) == 0) *top = caller;
    ++top;
  }
  const AccessSite site{pc | (shape & kStartsMask), top};
  const size_t bytes = shape & ((1ull << kStartsShift) - 1);
  if (!isQuick(*thread, site, address, bytes, writes))
    checkAccess(*thread, address, bytes, writes, site);
  leaveRuntime(tls);
}

}  // namespace

#define HINDSIGHT_COLD_CALL \
  extern "C" __attribute__((visibility("default"))) HINDSIGHT_KEEPS_REGISTERS
#define HINDSIGHT_RETURN_PC reinterpret_cast<uptr>(__builtin_return_address(0))

HINDSIGHT_COLD_CALL void __hindsight_read_parts(uptr address, u64 shape) {
  checkParts(address, shape, false, 0, HINDSIGHT_RETURN_PC);
}
HINDSIGHT_COLD_CALL void __hindsight_write_parts(uptr address, u64 shape) {
  checkParts(address, shape, true, 0, HINDSIGHT_RETURN_PC);
}
HINDSIGHT_COLD_CALL void __hindsight_read_parts_leaf(uptr address, u64 shape, uptr caller) {
  checkParts(address, shape, false, caller, HINDSIGHT_RETURN_PC);
}
HINDSIGHT_COLD_CALL void __hindsight_write_parts_leaf(uptr address, u64 shape, uptr caller) {
  checkParts(address, shape, true, caller, HINDSIGHT_RETURN_PC);
}

}  // namespace hindsight
