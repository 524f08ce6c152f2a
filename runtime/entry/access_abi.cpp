// The checks that instrumented code calls when its inline test fails.
//
// The callers use the preserve_all convention: nothing but r11 may change. preserve_most keeps the
// general registers; this file and all it calls on the common road is compiled without vector
// registers, and the rest (reports) runs behind platform/report_stack.S, which saves them.
#include "entry/access.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

#if defined(__x86_64__) || __clang_major__ >= 17
#define HINDSIGHT_COLD_CALL extern "C" __attribute__((visibility("default"), preserve_most))
#else
#error "preserve_most needs Clang 17 on this processor"
#endif

HINDSIGHT_ALWAYS_INLINE void check(uptr address, size_t bytes, bool writes, uptr pc,
                                   EventType event = EventType::Access, u64 components = 0) {
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  // No thread: not started, finished or foreign. Inside: the runtime's own business.
  if (HINDSIGHT_UNLIKELY(thread == nullptr || tls.in_runtime != 0)) return;
  enterRuntime(tls);
  checkAccess(*thread, address, bytes, writes, {pc, tls.stack, event, components});
  leaveRuntime(tls);
}

/// Whole words: the size is known when compiled, so is most of the road.
template <class Cells, bool kWrites>
HINDSIGHT_ALWAYS_INLINE void checkFixed(uptr address, uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  if (HINDSIGHT_UNLIKELY(thread == nullptr || tls.in_runtime != 0)) return;
  enterRuntime(tls);
  checkWords<Cells, kWrites>(*thread, address, {pc, tls.stack});
  leaveRuntime(tls);
}
template <class Cells, bool kWrites>
HINDSIGHT_ALWAYS_INLINE void checkFixedLeaf(uptr address, uptr caller, uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  if (HINDSIGHT_UNLIKELY(thread == nullptr || tls.in_runtime != 0)) return;
  enterRuntime(tls);
  uptr* const entry = tls.stack;
  if (*entry != (caller | kLoggedFrame) || (entry[-1] & kLoggedFrame) == 0) *entry = caller;
  checkWords<Cells, kWrites>(*thread, address, {pc, entry + 1});
  leaveRuntime(tls);
}

/// A leaf function has not pushed its return address: it is on the shadow stack for this check only.
HINDSIGHT_ALWAYS_INLINE void checkLeaf(uptr address, size_t bytes, bool writes, uptr caller, uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  if (HINDSIGHT_UNLIKELY(thread == nullptr || tls.in_runtime != 0)) return;
  enterRuntime(tls);
  uptr* const entry = tls.stack;
  // The same caller logged here already, by the same activation of the frame below: history need
  // not hear of it again.
  if (*entry != (caller | kLoggedFrame) || (entry[-1] & kLoggedFrame) == 0) *entry = caller;
  checkAccess(*thread, address, bytes, writes, {pc, entry + 1});
  leaveRuntime(tls);
}

}  // namespace

#define HINDSIGHT_RETURN_PC reinterpret_cast<uptr>(__builtin_return_address(0))

/// Accesses to volatile objects: reports name them so.
#define HINDSIGHT_VOLATILE_CHECKS(name, bytes, writes)                                    \
  HINDSIGHT_COLD_CALL void __hindsight_volatile_##name(uptr a) {                          \
    check(a, bytes, writes, HINDSIGHT_RETURN_PC | kVolatileSite);                         \
  }                                                                                       \
  HINDSIGHT_COLD_CALL void __hindsight_volatile_##name##_leaf(uptr a, uptr caller) {      \
    checkLeaf(a, bytes, writes, caller, HINDSIGHT_RETURN_PC | kVolatileSite);             \
  }
HINDSIGHT_VOLATILE_CHECKS(read1, 1, false)
HINDSIGHT_VOLATILE_CHECKS(read2, 2, false)
HINDSIGHT_VOLATILE_CHECKS(read4, 4, false)
HINDSIGHT_VOLATILE_CHECKS(read8, 8, false)
HINDSIGHT_VOLATILE_CHECKS(read16, 16, false)
HINDSIGHT_VOLATILE_CHECKS(write1, 1, true)
HINDSIGHT_VOLATILE_CHECKS(write2, 2, true)
HINDSIGHT_VOLATILE_CHECKS(write4, 4, true)
HINDSIGHT_VOLATILE_CHECKS(write8, 8, true)
HINDSIGHT_VOLATILE_CHECKS(write16, 16, true)

#define HINDSIGHT_CHECKS(name, bytes, writes)                                             \
  HINDSIGHT_COLD_CALL void __hindsight_##name(uptr a) {                                   \
    check(a, bytes, writes, HINDSIGHT_RETURN_PC);                                         \
  }                                                                                       \
  HINDSIGHT_COLD_CALL void __hindsight_##name##_leaf(uptr a, uptr caller) {               \
    checkLeaf(a, bytes, writes, caller, HINDSIGHT_RETURN_PC);                             \
  }
#define HINDSIGHT_WORD_CHECKS(name, Cells, writes)                                        \
  HINDSIGHT_COLD_CALL void __hindsight_##name(uptr a) {                                   \
    checkFixed<Cells, writes>(a, HINDSIGHT_RETURN_PC);                                    \
  }                                                                                       \
  HINDSIGHT_COLD_CALL void __hindsight_##name##_leaf(uptr a, uptr caller) {               \
    checkFixedLeaf<Cells, writes>(a, caller, HINDSIGHT_RETURN_PC);                        \
  }
HINDSIGHT_CHECKS(read1, 1, false)
HINDSIGHT_CHECKS(read2, 2, false)
HINDSIGHT_WORD_CHECKS(read4, u32, false)
HINDSIGHT_WORD_CHECKS(read8, u64, false)
HINDSIGHT_CHECKS(read16, 16, false)
HINDSIGHT_CHECKS(write1, 1, true)
HINDSIGHT_CHECKS(write2, 2, true)
HINDSIGHT_WORD_CHECKS(write4, u32, true)
HINDSIGHT_WORD_CHECKS(write8, u64, true)
HINDSIGHT_CHECKS(write16, 16, true)

HINDSIGHT_COLD_CALL void __hindsight_read_range(uptr a, size_t bytes) {
  check(a, bytes, false, HINDSIGHT_RETURN_PC);
}
HINDSIGHT_COLD_CALL void __hindsight_write_range(uptr a, size_t bytes) {
  check(a, bytes, true, HINDSIGHT_RETURN_PC);
}
HINDSIGHT_COLD_CALL void __hindsight_read_range_leaf(uptr a, size_t bytes, uptr caller) {
  checkLeaf(a, bytes, false, caller, HINDSIGHT_RETURN_PC);
}
HINDSIGHT_COLD_CALL void __hindsight_write_range_leaf(uptr a, size_t bytes, uptr caller) {
  checkLeaf(a, bytes, true, caller, HINDSIGHT_RETURN_PC);
}
}  // namespace hindsight
