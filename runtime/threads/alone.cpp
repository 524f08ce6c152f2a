#include "threads/alone.h"

#include <sys/mman.h>
#include <time.h>

#include "core/address_map.h"
#include "core/line.h"
#include "platform/resident.h"
#include "platform/syscalls.h"
#include "platform/touched_pages.h"

namespace hindsight {
namespace {

/// Nothing was recorded since the program began or the shadow was dropped.
constinit bool nothing_recorded = true;
constinit u64 last_drop_ns = 0, last_look_ns = 0;  // CLOCK_MONOTONIC
TouchedPages touched;

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

/// The accesses of the record are forgotten; its sync objects stay.
void forgetAccesses(LineLock& lock, uptr line) {
  LineRecord* const record = lock.record();
  if (record == nullptr) return;
  forgetEntries(*record, line);
  lock.trim();
}

/// The records of 64 KiB from `begin`. Returns whether any is left.
bool forgetSpan(uptr begin) {
  bool some = false;
  for (uptr line = begin; line < begin + kLineFlagSpan; line += kLineSize) {
    if (*lineWord(line) == 0) continue;
    LineLock lock(line);
    forgetAccesses(lock, line);
    lock.clearGroups();
    some |= lock.record() != nullptr;
  }
  return some;
}

/// Whole pages, as the image's ends were reserved.
void drop(uptr begin, uptr end) {
  begin = roundDown(begin, kPageSize);
  end = roundUp(end, kPageSize);
  if (begin < end) sysMadvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

void dropLineWords(uptr begin, uptr end) {
  drop(reinterpret_cast<uptr>(lineWord(begin)), reinterpret_cast<uptr>(lineWord(end)));
}

/// The records of application memory [begin, end), and the words of all lines that keep none: a span
/// of 64 KiB has one page of them. False if it cannot be told where records are.
bool dropRecords(uptr begin, uptr end) {
  static_assert(kLineFlagSpan / kLineSize * sizeof(u32) == kPageSize);
  uptr done = begin;
  const bool told = touched.forEachRun(
      roundDown(reinterpret_cast<uptr>(lineFlag(begin)), kPageSize),
      roundUp(reinterpret_cast<uptr>(lineFlag(end - 1)) + 1, kPageSize),
      [&](uptr first, uptr last) {
        for (uptr flag = first; flag < last; ++flag) {
          const uptr span = (flag - kLineFlagBase) * kLineFlagSpan;
          if (*reinterpret_cast<u8*>(flag) == 0 || span < begin || span >= end) continue;
          *reinterpret_cast<u8*>(flag) = forgetSpan(span);
          if (*reinterpret_cast<u8*>(flag) == 0) continue;
          dropLineWords(done, span);
          done = span + kLineFlagSpan;
        }
      });
  if (told) dropLineWords(done, end);
  return told;
}

void dropCells(uptr begin, uptr end) {
  for (u32 group = 0; group < kReadGroups; ++group)
    drop(reinterpret_cast<uptr>(readCell(begin, group)), reinterpret_cast<uptr>(readCell(end, group)));
  drop(reinterpret_cast<uptr>(writeCell(begin)), reinterpret_cast<uptr>(writeCell(end)));
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
  constexpr uptr kRanges[][2] = {{kLowBegin, kLowEnd}, {kHighBegin, kHighEnd}};
  bool told = true;
  touched.open();
  for (const auto& [begin, end] : kRanges) told = told && dropRecords(begin, end);
  touched.close();
  if (!told) return;
  for (const auto& [begin, end] : kRanges) dropCells(begin, end);
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
