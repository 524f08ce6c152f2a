#include "history/live_access.h"

namespace hindsight {
namespace {

constexpr u32 kStampMask = ~0u >> kMaskBits;
constexpr size_t kMaxScan = 16 << 20;  // bytes of one access

HINDSIGHT_ALWAYS_INLINE bool isOf(Cell cell, Slot slot, Epoch epoch, u32 mask) {
  if ((maskOf(cell) & mask) == 0) return false;
  const ThreadEpoch event = resolve(stampOf(cell));
  return event.epoch == epoch && event.slot == slot;
}

/// As ownEntryCovers (line.cpp): the version tells whether the entries were the record's all the
/// time.
HINDSIGHT_NOINLINE bool recordHas(uptr line, u64 bytes, Slot slot, Epoch epoch, Kind kind) {
  constexpr u32 kAttempts = 4;
  for (u32 attempt = 0; attempt < kAttempts; ++attempt) {
    const LineRecord* record = peekRecord(line);
    if (record == nullptr) return false;
    const u32 version = __atomic_load_n(&record->version, __ATOMIC_ACQUIRE);
    const u32 count = __atomic_load_n(&record->count, __ATOMIC_ACQUIRE);
    const Entry* entries = __atomic_load_n(&record->entries, __ATOMIC_ACQUIRE);
    if (entries == nullptr) return false;
    for (u32 i = 0; i < count; ++i) {
      if ((entries[i].bytes & bytes) == 0 || entries[i].kind != kind) continue;
      // What is read of an array given back may be anything (line.h, I4).
      const auto stamp = static_cast<Stamp>(static_cast<u32>(entries[i].stamp) & kStampMask);
      const ThreadEpoch event = resolve(stamp);
      if (event.epoch == epoch && event.slot == slot) return true;
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);  // pairs with: removeEntry, addEntry, trim
    if (__atomic_load_n(&record->version, __ATOMIC_RELAXED) == version &&
        peekRecord(line) == record)
      return false;
  }
  return true;  // much is going on in this line
}

/// The part of an access that lies in one line.
HINDSIGHT_ALWAYS_INLINE bool isLiveInLine(Slot slot, u32 group, Epoch epoch, Kind kind, uptr begin,
                                          uptr end) {
  bool record_asked = false;
  for (uptr word = roundDown(begin, kWordSize); word < end; word += kWordSize) {
    const uptr from = max(word, begin), to = min(word + kWordSize, end);
    // NOLINTNEXTLINE(clang-analyzer-core.BitwiseShift): at most a word
    const u32 mask = ((1u << (to - from)) - 1) << (from - word);
    if (!isAtomic(kind)) {
      const Cell* own = isWrite(kind) ? writeCell(word) : readCell(word, group);
      const Cell cell = __atomic_load_n(own, __ATOMIC_ACQUIRE);
      if (isOf(cell, slot, epoch, mask)) return true;
    }
    if (record_asked) continue;
    record_asked = true;
    if (recordHas(roundDown(begin, kLineSize), lineBytes(begin, end - begin), slot, epoch, kind))
      return true;
  }
  return false;
}

}  // namespace

bool isLive(Slot slot, u32 group, Epoch epoch, AccessEvent& access) {
  if (access.bytes > kMaxScan) return true;
  for (;; access.address += static_cast<uptr>(access.stride), --access.count) {
    const uptr end = access.address + access.bytes;
    for (uptr at = access.address; at < end;) {
      const uptr next = min(roundDown(at, kLineSize) + kLineSize, end);
      if (isLiveInLine(slot, group, epoch, access.kind, at, next)) return true;
      at = next;
    }
    if (access.count == 1) return false;
  }
}

u32 ChunkGuess::search(Slot slot, Epoch epoch) {
  constexpr u32 kNear = 1024;  // epochs: not looked for again so soon
  if (epoch == 0 || epoch - not_found_ < kNear) return 0;
  for (u32 chunk = 1; chunk < kChunks; ++chunk) {
    if (!isIn(chunk, slot, epoch)) continue;
    chunk_ = chunk;
    return stampIn(chunk, epoch);
  }
  not_found_ = epoch;
  return 0;
}

}  // namespace hindsight
