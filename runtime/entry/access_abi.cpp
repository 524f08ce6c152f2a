// The checks that instrumented code calls when its inline test fails.
//
// The callers use the preserve_all convention: nothing but r11 may change. preserve_most keeps the
// general registers; this file and all it calls on the common road is compiled without vector
// registers, and the rest (reports) runs behind platform/report_stack.S, which saves them. What a
// function of that convention saves is what it uses itself, so the common road (quick_access.h)
// calls functions of the same convention only.
#include "entry/access.h"
#include "entry/quick_access.h"
#include "entry/quick_few.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

#define HINDSIGHT_COLD_CALL \
  extern "C" __attribute__((visibility("default"))) HINDSIGHT_KEEPS_REGISTERS

/// No thread: not started, finished or foreign. Inside: the runtime's own business.
HINDSIGHT_ALWAYS_INLINE bool isUnchecked(const TlsBlock& tls) {
  return tls.thread == nullptr || tls.in_runtime != 0;
}

HINDSIGHT_ALWAYS_INLINE void check(uptr address, size_t bytes, bool writes, uptr pc,
                                   EventType event = EventType::Access, u64 components = 0) {
  TlsBlock& tls = __hindsight_tls;
  if (HINDSIGHT_UNLIKELY(isUnchecked(tls))) return;
  enterRuntime(tls);
  checkAccess(*tls.thread, address, bytes, writes, {pc, tls.stack, event, components});
  leaveRuntime(tls);
}

/// A leaf function has not pushed its return address: it is on the shadow stack for this check
/// only. The same caller logged there already, by the same activation of the frame below: history
/// need not hear of it again. Returns the shadow stack pointer with it.
HINDSIGHT_ALWAYS_INLINE const uptr* pushCaller(TlsBlock& tls, uptr caller) {
  uptr* const entry = tls.stack;
  if (*entry != (caller | kLoggedFrame) || (entry[-1] & kLoggedFrame) == 0) *entry = caller;
  return entry + 1;
}

HINDSIGHT_ALWAYS_INLINE void checkLeaf(uptr address, size_t bytes, bool writes, uptr caller,
                                       uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  if (HINDSIGHT_UNLIKELY(isUnchecked(tls))) return;
  enterRuntime(tls);
  checkAccess(*tls.thread, address, bytes, writes, {pc, pushCaller(tls, caller)});
  leaveRuntime(tls);
}

/// What the quick road leaves: the thread is inside, but has not looked whether the world is
/// stopped.
template <u32 kBytes, bool kWrites>
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS void goOnSlowly(uptr address, uptr pc,
                                                             const uptr* top) {
  TlsBlock& tls = __hindsight_tls;
  if (HINDSIGHT_UNLIKELY(isWorldStopped())) parkUntilResumed(tls);
  checkAccess(*tls.thread, address, kBytes, kWrites, {pc, top});
  leaveRuntime(tls);
}
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS void deliverSignals() {
  deliverPendingSignals(__hindsight_tls);
}

template <u32 kBytes, bool kWrites>
HINDSIGHT_ALWAYS_INLINE bool tryQuickly(Thread& thread, const uptr* top, uptr address, uptr pc) {
  if (kBytes > 1 && HINDSIGHT_UNLIKELY(!isInQuickWords<kBytes>(address)))
    return quickFew<kWrites>(thread, top, address, kBytes, pc);
  if constexpr (kBytes == 16)
    return quickAccess16<kWrites>(thread, top, address, pc);
  else
    return quickAccess<kBytes, kWrites>(thread, top, address, pc);
}

/// Whether the calling thread's cell is another thread's that reads the same, and a read that
/// covers this one is on record: threads share read groups where there are more of them than
/// groups. Takes no lock and writes nothing, so that such readers do not disturb each other.
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS bool isReadBeside(const Thread& thread, uptr address,
                                                               size_t bytes) {
  const Cell seen = *ownReadCell(address);
  if (seen == kEmptyCell || seen >> (kMaskBits + kChunkBits) == thread.chunk ||
      address % kLineSize + bytes > kLineSize)
    return false;
  TlsBlock& tls = __hindsight_tls;
  enterRuntime(tls);
  const bool is_recorded = ownEntryCovers(address, bytes, currentCell(thread), Kind::Read);
  leaveRuntime(tls);
  return is_recorded;
}

/// enterRuntime, the access, leaveRuntime; `kLeaf`: `caller` is to be on the shadow stack.
template <u32 kBytes, bool kWrites, bool kLeaf>
HINDSIGHT_ALWAYS_INLINE void checkQuickly(uptr address, uptr caller, uptr pc) {
  Thread* const thread = __hindsight_tls.thread;
  if (HINDSIGHT_UNLIKELY(thread == nullptr) || HINDSIGHT_UNLIKELY(__hindsight_tls.in_runtime != 0))
    return;
  if (!kWrites && HINDSIGHT_UNLIKELY(__atomic_load_n(&read_groups_are_shared, __ATOMIC_RELAXED)) &&
      isReadBeside(*thread, address, kBytes))
    return;
  prefetchAccess<kWrites>(address);
  __hindsight_tls.in_runtime = 1;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);  // pairs with: the membarrier in stopWorld
  const uptr* const top = kLeaf ? pushCaller(__hindsight_tls, caller) : __hindsight_tls.stack;
  if (HINDSIGHT_UNLIKELY(isWorldStopped()) ||
      HINDSIGHT_UNLIKELY((!tryQuickly<kBytes, kWrites>(*thread, top, address, pc))))
    return goOnSlowly<kBytes, kWrites>(address, pc, top);
  __atomic_store_n(&__hindsight_tls.in_runtime, 0, __ATOMIC_RELEASE);  // pairs with: stopWorld
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  if (HINDSIGHT_UNLIKELY(__hindsight_tls.signals_pending != 0)) deliverSignals();
}

}  // namespace

#define HINDSIGHT_RETURN_PC reinterpret_cast<uptr>(__builtin_return_address(0))

/// Accesses to volatile objects: reports name them so.
#define HINDSIGHT_VOLATILE_CHECKS(name, bytes, writes)                               \
  HINDSIGHT_COLD_CALL void __hindsight_volatile_##name(uptr a) {                     \
    check(a, bytes, writes, HINDSIGHT_RETURN_PC | kVolatileSite);                    \
  }                                                                                  \
  HINDSIGHT_COLD_CALL void __hindsight_volatile_##name##_leaf(uptr a, uptr caller) { \
    checkLeaf(a, bytes, writes, caller, HINDSIGHT_RETURN_PC | kVolatileSite);        \
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

#define HINDSIGHT_QUICK_CHECKS(name, bytes, writes)                         \
  HINDSIGHT_COLD_CALL void __hindsight_##name(uptr a) {                     \
    checkQuickly<bytes, writes, false>(a, 0, HINDSIGHT_RETURN_PC);          \
  }                                                                         \
  HINDSIGHT_COLD_CALL void __hindsight_##name##_leaf(uptr a, uptr caller) { \
    checkQuickly<bytes, writes, true>(a, caller, HINDSIGHT_RETURN_PC);      \
  }
HINDSIGHT_QUICK_CHECKS(read1, 1, false)
HINDSIGHT_QUICK_CHECKS(read2, 2, false)
HINDSIGHT_QUICK_CHECKS(read4, 4, false)
HINDSIGHT_QUICK_CHECKS(read8, 8, false)
HINDSIGHT_QUICK_CHECKS(read16, 16, false)
HINDSIGHT_QUICK_CHECKS(write1, 1, true)
HINDSIGHT_QUICK_CHECKS(write2, 2, true)
HINDSIGHT_QUICK_CHECKS(write4, 4, true)
HINDSIGHT_QUICK_CHECKS(write8, 8, true)
HINDSIGHT_QUICK_CHECKS(write16, 16, true)

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
