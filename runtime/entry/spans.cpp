// The checks of whole loops, called in front of the loop with the ordinary calling convention, so
// that the usual case - all of it recorded already - is a vector compare.
#include "core/tiny_memory.h"
#include "entry/access.h"
#include "entry/long_range.h"
#include "entry/range_simd.h"
#include "threads/alone.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

constexpr size_t kWideCompare = 16;  // words for which a vector compare pays
constexpr size_t kShortSpan = 2 * kLineSize;

/// Whether a cell says that the bytes `mask` of its word were recorded in the current epoch.
HINDSIGHT_ALWAYS_INLINE bool holds(Cell cell, Cell own, u32 mask) {
  return ((cell ^ own) & (~kFullMask | mask)) == 0;
}

/// Whether the thread has recorded all of the range in its current epoch.
HINDSIGHT_ALWAYS_INLINE bool rangeIsRecorded(const Thread& thread, uptr address, size_t bytes,
                                             bool writes) {
  if (!isApplication(address, bytes) && (!findStandIn(address) || !isApplication(address, bytes)))
    return false;
  const Cell own = currentCell(thread);
  const u32 before = address % kWordSize, behind = (address + bytes) % kWordSize;
  const Cell* first = writes ? writeCell(address) : readCell(address, thread.read_group);
  // NOLINTNEXTLINE(clang-analyzer-core.BitwiseShift): at most a word
  if (before + bytes <= kWordSize) return holds(*first, own, ((1u << bytes) - 1) << before);
  size_t words = (before + bytes) / kWordSize;
  if (before != 0) {
    if (!holds(*first, own, kFullMask << before & kFullMask)) return false;
    ++first;
    --words;
  }
  if (behind != 0 && !holds(first[words], own, kFullMask >> (kWordSize - behind))) return false;
  if (words >= kWideCompare) return cellsEqual(first, words, own);
  const u64 both = static_cast<u64>(own) << 32 | own;
  for (; words >= 2; first += 2, words -= 2) {
    u64 pair;
    __builtin_memcpy(&pair, first, sizeof(pair));
    if (pair != both) return false;
  }
  return words == 0 || *first == own;
}

/// A span of a few words: the loop was short.
HINDSIGHT_NOINLINE void checkShort(Thread& thread, TlsBlock& tls, uptr address, size_t bytes,
                                   bool writes, uptr caller, uptr pc) {
  enterRuntime(tls);
  uptr* top = tls.stack;
  if (caller != 0) {
    // The same caller logged here already: history need not hear of it again.
    if (*top != (caller | kLoggedFrame) || (top[-1] & kLoggedFrame) == 0) *top = caller;
    ++top;
  }
  checkLongRange(thread, address, bytes, writes, {pc, top});
  leaveRuntime(tls);
}

struct Rows {
  uptr begin;
  size_t bytes;  // of each
  uptr stride;   // from one to the next
  size_t count;
};

// A long span is remembered as a whole, as a nest of loops may come back to it for every row of
// another matrix. Forgetting is by epoch, and by resets: the thread's own ones, and large ones of
// others. (A small one inside a span, by another thread and not ordered with this one's accesses to
// it, is a race that was reported when the memory was freed.)
constexpr size_t kLongSpan = kLargeReset;

bool isRemembered(Thread& thread, const Rows& rows, bool writes) {
  const u32 resets = __atomic_load_n(&large_resets, __ATOMIC_RELAXED);
  for (auto& known : thread.recorded.spans)
    if (known.rows == rows.count && known.epoch == thread.clock.own() &&
        known.resets == thread.resets && known.large_resets == resets &&
        (known.writes || !writes) &&
        (rows.count == 1 ? rows.begin - known.begin <= known.bytes &&
                               rows.bytes <= known.bytes - (rows.begin - known.begin)
                         : known.begin == rows.begin && known.bytes == rows.bytes &&
                               known.stride == rows.stride)) {
      known.used = true;
      return true;
    }
  return false;
}

/// The counters of resets, before the check of a span.
struct Resets {
  explicit Resets(const Thread& thread)
      : own(__atomic_load_n(&thread.resets, __ATOMIC_RELAXED)),
        large(__atomic_load_n(&large_resets, __ATOMIC_RELAXED)) {}
  u32 own, large;
};

void remember(Thread& thread, const Rows& rows, bool writes, const Resets& before) {
  if (thread.ignore_reads_writes != 0) return;
  RecordedSpans& recorded = thread.recorded;
  while (recorded.spans[recorded.next].used) {
    recorded.spans[recorded.next].used = false;
    recorded.next = (recorded.next + 1) % RecordedSpans::kCount;
  }
  recorded.spans[recorded.next] = {
      rows.begin, rows.bytes,   rows.stride, rows.count, thread.clock.own(),
      before.own, before.large, writes,      false};
  recorded.next = (recorded.next + 1) % RecordedSpans::kCount;
}

HINDSIGHT_NOINLINE void checkRows(Thread& thread, TlsBlock& tls, const Rows& rows, bool writes,
                                  uptr caller, uptr pc) {
  enterRuntime(tls);
  uptr* top = tls.stack;
  if (caller != 0) {
    // The same caller logged here already: history need not hear of it again.
    if (*top != (caller | kLoggedFrame) || (top[-1] & kLoggedFrame) == 0) *top = caller;
    ++top;
  }
  uptr row = rows.begin;
  for (size_t i = 0; i < rows.count; ++i, row += rows.stride)
    if (!rangeIsRecorded(thread, row, rows.bytes, writes))
      checkLongRange(thread, row, rows.bytes, writes, {pc, top});
  leaveRuntime(tls);
}

HINDSIGHT_NOINLINE void checkLong(Thread& thread, TlsBlock& tls, Rows rows, bool writes,
                                  uptr caller, uptr pc) {
  if (rows.stride == rows.bytes) rows = {rows.begin, rows.bytes * rows.count, 0, 1};
  const bool is_long = rows.bytes >= kLongSpan || rows.count > 1;
  const Resets before(thread);
  if (is_long && isRemembered(thread, rows, writes)) return;
  if (rows.count != 1 || !rangeIsRecorded(thread, rows.begin, rows.bytes, writes))
    checkRows(thread, tls, rows, writes, caller, pc);
  if (is_long) remember(thread, rows, writes, before);
}

/// A loop that was short, as most of those are that end when they have found something, costs
/// little more than the compare.
HINDSIGHT_ALWAYS_INLINE void check(const Rows& rows, bool writes, uptr caller, uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  if (HINDSIGHT_UNLIKELY(thread == nullptr || tls.in_runtime != 0 || rows.bytes == 0)) return;
  if (HINDSIGHT_UNLIKELY(isAlone(*thread)) && nothingRecorded()) return;
  if (rows.count != 1 || rows.bytes > kShortSpan)
    return checkLong(*thread, tls, rows, writes, caller, pc);
  if (!rangeIsRecorded(*thread, rows.begin, rows.bytes, writes))
    checkShort(*thread, tls, rows.begin, rows.bytes, writes, caller, pc);
}

}  // namespace

#define HINDSIGHT_RETURN_PC reinterpret_cast<uptr>(__builtin_return_address(0))

#define HINDSIGHT_SPAN_CHECKS(name, writes)                                                       \
  HINDSIGHT_EXPORT void __hindsight_##name##_span(uptr address, size_t bytes) {                   \
    check({address, bytes, 0, 1}, writes, 0, HINDSIGHT_RETURN_PC);                                \
  }                                                                                               \
  HINDSIGHT_EXPORT void __hindsight_##name##_span_leaf(uptr address, size_t bytes, uptr caller) { \
    check({address, bytes, 0, 1}, writes, caller, HINDSIGHT_RETURN_PC);                           \
  }                                                                                               \
  HINDSIGHT_EXPORT void __hindsight_##name##_rows(uptr begin, size_t bytes, uptr stride,          \
                                                  size_t count) {                                 \
    check({begin, bytes, stride, count}, writes, 0, HINDSIGHT_RETURN_PC);                         \
  }                                                                                               \
  HINDSIGHT_EXPORT void __hindsight_##name##_rows_leaf(uptr begin, size_t bytes, uptr stride,     \
                                                       size_t count, uptr caller) {               \
    check({begin, bytes, stride, count}, writes, caller, HINDSIGHT_RETURN_PC);                    \
  }
HINDSIGHT_SPAN_CHECKS(read, false)
HINDSIGHT_SPAN_CHECKS(write, true)

}  // namespace hindsight
