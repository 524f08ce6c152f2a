#include "threads/alone.h"

#include <time.h>

#include "core/address_map.h"
#include "core/line.h"
#include "platform/resident.h"
#include "platform/syscalls.h"
#include "threads/drop_shadow.h"

namespace hindsight {
namespace {

/// Nothing was recorded since the program began or the shadow was dropped.
constinit bool nothing_recorded = true;
constinit u64 last_drop_ns = 0, last_look_ns = 0;  // CLOCK_MONOTONIC

u64 nowNs() {
  timespec now{};
  sysClockGettime(CLOCK_MONOTONIC, &now);
  return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

/// A page costs about this to drop and to touch again, and dropping at most one part in kShare of
/// the program's time.
constexpr u64 kNsPerPage = 1000, kShare = 10;
constexpr u64 kLeastNs = 10'000'000;  // between two looks

bool isTimeToDrop(u64 now) {
  if (now - last_look_ns < kLeastNs) return false;
  last_look_ns = now;
  const u64 pages = residentPages();
  return pages != 0 && pages * kNsPerPage <= (now - last_drop_ns) / kShare;
}

}  // namespace

bool nothingRecorded() { return nothing_recorded; }

void beginAlone(Thread& thread) {
  thread.ignore_reads_writes |= kAlone;
  noQuickAccess(thread.history);
  if (thread.tls != nullptr) thread.tls->cell = inlineCell(thread);
  if (last_drop_ns == 0) last_drop_ns = nowNs();
}

void endAlone(Thread& thread) {
  if (!isAlone(thread)) return;
  thread.ignore_reads_writes &= ~kAlone;
  nothing_recorded = false;
}

void dropPast(bool anyway) {
  const u64 now = nowNs();
  if (nothing_recorded || (!anyway && !isTimeToDrop(now))) return;
  if (!dropAllAccesses()) return;
  nothing_recorded = true;
  last_drop_ns = now;
}

void forgetPast(uptr address, size_t bytes) {
  if (nothing_recorded) return;
  for (uptr line = roundDown(address, kLineSize); line < address + bytes; line += kLineSize) {
    if (*lineWord(line) == 0) continue;
    LineLock lock(line);
    forgetAccesses(lock, line);
    const u32 groups = lock.groups();
    const auto empty = [](Cell* cells) {
      for (u32 i = 0; i < kLineSize / kWordSize; ++i)
        if (cells[i] != kEmptyCell) __atomic_store_n(cells + i, kEmptyCell, __ATOMIC_RELAXED);
    };
    for (u32 group = 0; groups >> group != 0; ++group)
      if ((groups >> group & 1) != 0) empty(readCell(line, group));
    empty(writeCell(line));
    lock.clearGroups();
  }
}

}  // namespace hindsight
