// Fresh memory: its shadow is emptied.
#include <sys/mman.h>

#include "core/line.h"
#include "core/tiny_memory.h"
#include "entry/access.h"
#include "entry/cell_runs.h"
#include "entry/uniform_line.h"
#include "platform/syscalls.h"

namespace hindsight {
namespace {

/// At most a line's cells. Those of a freed block are empty mostly (freePairs), and their page may
/// be untouched.
HINDSIGHT_ALWAYS_INLINE void emptyCells(Cell* cells, size_t bytes) {
  if (HINDSIGHT_UNLIKELY(reinterpret_cast<uptr>(cells) % sizeof(CellPair) != 0)) {
    emptyRun(cells, 1);
    ++cells;
    bytes -= sizeof(Cell);
  }
  const size_t pairs = bytes / sizeof(CellPair);
  emptyPairs(cells, pairs);
  if (HINDSIGHT_UNLIKELY(bytes % sizeof(CellPair) != 0)) emptyRun(cells + 2 * pairs, 1);
}

/// Empties the read cells of [begin, end), words within one line, that the line's word says are in
/// use. The next writers need not look at images in which that leaves nothing of the line.
HINDSIGHT_ALWAYS_INLINE void emptyReads(LineLock& lock, uptr begin, uptr end) {
  const uptr line = roundDown(begin, kLineSize);
  for (u32 groups = lock.groups(); groups != 0; groups &= groups - 1) {
    const u32 group = static_cast<u32>(__builtin_ctz(groups));
    emptyCells(readCell(begin, group), end - begin);
    Cell all;
    if (sameInLine(readCell(line, group), all) && all == kEmptyCell) lock.removeGroup(group);
  }
}

HINDSIGHT_NOINLINE void resetInRecord(LineLock& lock, uptr line, u64 bytes) {
  resetLineRecord(*lock.record(), line, bytes);
  lock.trim();
}

/// Lines of [begin, end) one by one. A line word of 0 says that nothing of the line is recorded.
void resetLines(uptr begin, uptr end) {
  const Thread* const thread = currentThread();
  const u32 group = thread != nullptr ? thread->read_group : 0;
  for (uptr line = roundDown(begin, kLineSize); line < end; line += kLineSize) {
    const u32 word = __atomic_load_n(lineWord(line), __ATOMIC_RELAXED);
    if (word == 0) continue;
    if (HINDSIGHT_UNLIKELY(word >> kRecordShift != 0))
      prefetchRecord(record_region + (word >> kRecordShift));
    const uptr from = max(begin, line), to = min(end, line + kLineSize);
    LineLock lock(line);
    if (HINDSIGHT_UNLIKELY(lock.hasRecord())) resetInRecord(lock, line, lineBytes(from, to - from));
    const bool was_used = lock.groups() != 0;
    emptyReads(lock, from, to);
    emptyCells(writeCell(from), to - from);
    // The rest of the line may have been written.
    if (was_used && lock.groups() == 0 && to - from != kLineSize) lock.addGroup(group);
  }
}

void resetRecords(uptr begin, uptr end) {
  for (uptr line = roundDown(begin, kLineSize); line < end;) {
    if (*lineFlag(line) == 0) {
      line = roundDown(line, kLineFlagSpan) + kLineFlagSpan;
      continue;
    }
    if (__atomic_load_n(lineWord(line), __ATOMIC_RELAXED) != 0) {
      const uptr from = max(begin, line), to = min(end, line + kLineSize);
      LineLock lock(line);
      if (lock.hasRecord()) resetInRecord(lock, line, lineBytes(from, to - from));
    }
    line += kLineSize;
  }
}

constexpr size_t kBulkBytes = 64 * 1024;

/// The pages at the edges may hold cells of the lines before and after: those were reset one by
/// one.
void dropPages(Cell* first, Cell* last) {
  const uptr begin = roundDown(reinterpret_cast<uptr>(first), kPageSize);
  const uptr end = roundUp(reinterpret_cast<uptr>(last), kPageSize);
  if (begin < end) sysMadvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace

constinit u32 large_resets = 0;

/// What has no shadow of its own: below 4 GiB that of other addresses.
static HINDSIGHT_NOINLINE void resetByName(uptr begin, size_t bytes) {
  const uptr name = shadowOfRange(begin, bytes);
  if (name != begin) resetShadow(name, bytes);
}

void resetShadow(uptr address, size_t bytes) {
  const uptr begin = roundUp(address, kWordSize), end = roundDown(address + bytes, kWordSize);
  if (begin >= end) return;
  if (HINDSIGHT_UNLIKELY(!isApplication(begin, end - begin)))
    return resetByName(begin, end - begin);
  if (Thread* thread = currentThread()) ++thread->resets;
  if (end - begin >= kLargeReset) __atomic_fetch_add(&large_resets, 1, __ATOMIC_RELAXED);
  if (end - begin < kBulkBytes) return resetLines(begin, end);
  // Whole pages of shadow go back to the kernel; the images' offsets are page-odd, hence the edges.
  const uptr first_whole = roundUp(begin, kLineSize) + kPageSize;
  const uptr last_whole = roundDown(end, kLineSize) - kPageSize;
  resetLines(begin, first_whole);
  resetLines(last_whole, end);
  resetRecords(first_whole, last_whole);
  for (u32 group = 0; group < kReadGroups; ++group)
    dropPages(readCell(first_whole, group), readCell(last_whole, group));
  dropPages(writeCell(first_whole), writeCell(last_whole));
}

}  // namespace hindsight
