#include "threads/drop_shadow.h"

#include <sys/mman.h>

#include "core/address_map.h"
#include "platform/syscalls.h"
#include "platform/touched_pages.h"

namespace hindsight {
namespace {

TouchedPages touched;

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

/// The records of application memory [begin, end), and the words of all lines that keep none: a
/// span of 64 KiB has one page of them. False if it cannot be told where records are.
bool dropRecords(uptr begin, uptr end) {
  static_assert(kLineFlagSpan / kLineSize * sizeof(u32) == kPageSize);
  uptr done = begin;
  const bool told = touched.forEachRun(
      roundDown(reinterpret_cast<uptr>(lineFlag(begin)), kPageSize),
      roundUp(reinterpret_cast<uptr>(lineFlag(end - 1)) + 1, kPageSize),
      [&](uptr first, uptr last) {
        for (uptr flag = first; flag < last; ++flag) {
          const uptr span = (flag - address_layout.line_flag_base) * kLineFlagSpan;
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
    drop(reinterpret_cast<uptr>(readCell(begin, group)),
         reinterpret_cast<uptr>(readCell(end, group)));
  drop(reinterpret_cast<uptr>(writeCell(begin)), reinterpret_cast<uptr>(writeCell(end)));
}

}  // namespace

void forgetAccesses(LineLock& lock, uptr line) {
  LineRecord* const record = lock.record();
  if (record == nullptr) return;
  forgetEntries(*record, line);
  lock.trim();
}

bool dropAllAccesses() {
  bool told = true;
  touched.open();
  for (const auto& [begin, end] : applicationRanges()) told = told && dropRecords(begin, end);
  touched.close();
  if (told)
    for (const auto& [begin, end] : applicationRanges()) dropCells(begin, end);
  return told;
}

}  // namespace hindsight
