#include "core/line.h"

#include "base/arena.h"
#include "base/spin_lock.h"
#include "core/wanted_epoch.h"

namespace hindsight {

constinit LineRecord* record_region = nullptr;

namespace {

uptr regionBytes() { return ownSyncOffset() + address_layout.record_bytes; }
constinit SpinLock record_lock;
constinit u32 records_used = 1;  // index 0 means "no record"
constinit u32 free_records = 0;  // chained through `few`, which nobody reads: `entries` is null

/// Free records that are one OS thread's alone, chained likewise: lines come to have a record and
/// lose it all the time, and threads that do so must not meet at the lock.
struct OwnRecords {
  u32 first;
  u32 count;
  bool is_over;  // the thread keeps none any more
};
constinit __attribute__((tls_model("initial-exec"))) thread_local OwnRecords own_records = {};
constexpr u32 kMostOwnRecords = 64;
constexpr u32 kRecordsAtOnce = 16;

LineRecord* recordAt(u32 index) { return &record_region[index]; }
constexpr u32 kFewEntries = sizeof(LineRecord::few) / sizeof(Entry);
u32 capacityOf(const LineRecord& record) { return kFewEntries << record.doubled; }

u32 nextFree(u32 index) { return static_cast<u32>(recordAt(index)->few[0].bytes); }
void setNextFree(u32 index, u32 next) { recordAt(index)->few[0].bytes = next; }

HINDSIGHT_NOINLINE void takeRecords(OwnRecords& own) {
  SpinLockGuard guard(record_lock);
  if (record_region == nullptr)
    // pairs with: any lock of a line whose word names a record
    __atomic_store_n(&record_region, static_cast<LineRecord*>(reservePages(regionBytes())),
                     __ATOMIC_RELEASE);
  for (const u32 wanted = own.is_over ? 1 : kRecordsAtOnce; own.count < wanted; ++own.count) {
    u32 index = free_records;
    if (index != 0) {
      free_records = nextFree(index);
    } else {
      HINDSIGHT_CHECK((records_used + 1) * sizeof(LineRecord) < address_layout.record_bytes);
      index = records_used++;
    }
    setNextFree(index, own.first);
    own.first = index;
  }
}

u32 newRecord() {
  OwnRecords& own = own_records;
  if (HINDSIGHT_UNLIKELY(own.first == 0)) takeRecords(own);
  const u32 index = own.first;
  own.first = nextFree(index);
  --own.count;
  LineRecord& record = *recordAt(index);
  record.doubled = 0;
  __atomic_store_n(&record.entries, record.few, __ATOMIC_RELEASE);  // pairs with: ownEntryCovers
  return index;
}

HINDSIGHT_NOINLINE void giveRecords(OwnRecords& own, u32 left) {
  SpinLockGuard guard(record_lock);
  for (; own.count > left; --own.count) {
    const u32 index = own.first;
    own.first = nextFree(index);
    setNextFree(index, free_records);
    free_records = index;
  }
}

void freeRecord(u32 index) {
  OwnRecords& own = own_records;
  setNextFree(index, own.first);
  own.first = index;
  ++own.count;
  if (HINDSIGHT_UNLIKELY(own.is_over || own.count == kMostOwnRecords))
    giveRecords(own, own.is_over ? 0 : kMostOwnRecords - kRecordsAtOnce);
}

void removeEntry(LineRecord& record, u32 index) {
  bumpVersion(record);
  record.entries[index] = record.entries[--record.count];
}

void addEntry(LineRecord& record, const Entry& entry) {
  if (record.count == capacityOf(record)) {
    const u32 capacity = capacityOf(record);
    // NOLINTNEXTLINE(bugprone-implicit-widening-of-multiplication-result): of a line's bytes
    auto* entries = static_cast<Entry*>(arenaAllocate(2 * capacity * sizeof(Entry)));
    for (u32 i = 0; i < record.count; ++i) entries[i] = record.entries[i];
    Entry* old = record.entries;
    bumpVersion(record);
    record.entries = entries;
    if (old != record.few) arenaFree(old, capacity * sizeof(Entry));
    ++record.doubled;
  }
  record.entries[record.count] = entry;
  __atomic_store_n(&record.count, record.count + 1,
                   __ATOMIC_RELEASE);  // pairs with: ownEntryCovers
}

void addCell(LineRecord& record, Cell cell, u32 word, Kind kind) {
  const u64 bytes = static_cast<u64>(maskOf(cell)) << (word * kWordSize);
  for (u32 i = 0; i < record.count; ++i) {
    Entry& entry = record.entries[i];
    if (entry.stamp == stampOf(cell) && entry.kind == kind) {
      entry.bytes |= bytes;
      return;
    }
  }
  addEntry(record, {bytes, stampOf(cell), kind});
}

/// The words that any of `bytes` lies in.
u16 wordsOf(u64 bytes) {
  u16 words = 0;
  for (; bytes != 0; bytes &= ~(0xfull << (static_cast<u32>(__builtin_ctzll(bytes)) & ~3u)))
    words |= static_cast<u16>(1u << (static_cast<u32>(__builtin_ctzll(bytes)) / kWordSize));
  return words;
}

/// After entries have lost bytes of `words`.
void noteLeftBehind(LineRecord& record, u16 words = 0xffff) {
  words &= record.left_behind;
  if (words == 0) return;
  u64 bytes = 0;
  for (u32 i = 0; i < record.count; ++i) bytes |= record.entries[i].bytes;
  for (u32 w = 0; words >> w != 0; ++w)
    if ((words >> w & 1) != 0 && (bytes >> (w * kWordSize) & kFullMask) == 0)
      record.left_behind &= static_cast<u16>(~(1u << w));
}

// Sets of words as the lowest of each word's four bytes.
constexpr u64 kFirstBytes = 0x1111'1111'1111'1111;
constexpr u64 wholeWords(u64 bytes) {
  return bytes & bytes >> 1 & bytes >> 2 & bytes >> 3 & kFirstBytes;
}
constexpr u64 touchedWords(u64 bytes) {
  return (bytes | bytes >> 1 | bytes >> 2 | bytes >> 3) & kFirstBytes;
}
static_assert(wholeWords(0xf7ef0) == 0x10010 && touchedWords(0x80700) == 0x10100);

/// Words of `bytes` that are wholly covered and that no entry but `except` touches, by their first
/// bytes.
u64 soleWords(const LineRecord& record, u64 bytes, u32 except) {
  u64 others = 0;
  for (u32 i = 0; i < record.count; ++i)
    if (i != except) others |= record.entries[i].bytes;
  return wholeWords(bytes) & ~touchedWords(others);
}

void unspillWords(LineRecord& record, uptr line, u64 first_bytes, Cell own, u32 group,
                  u32 own_entry) {
  for (u64 left = first_bytes; left != 0; left &= left - 1) {
    const u32 byte = static_cast<u32>(__builtin_ctzll(left));
    *writeCell(line + byte) = withMask(own, kFullMask);
    *readCell(line + byte, group) = withMask(own, kFullMask);
    record.spilled &= static_cast<u16>(~(1u << byte / kWordSize));
  }
  record.entries[own_entry].bytes &= ~(first_bytes * 0xf);
  if (record.entries[own_entry].bytes == 0) removeEntry(record, own_entry);
}

/// A plain write takes the place of values that atomic operations have stored: whoever reads it
/// there does not read those stores.
HINDSIGHT_NOINLINE void forgetStores(LineRecord& record, u64 bytes) {
  record.stored = 0;
  for (SyncObject* object = record.syncs; object != nullptr; object = object->next) {
    if (!object->is_atomic) continue;
    if ((bytes >> object->offset & 1) != 0) dispose(object->clock);
    if (!object->clock.empty())
      record.stored |= static_cast<u16>(1u << (object->offset / kWordSize));
  }
}

}  // namespace

void RacedEntries::add(const RacedEntry& entry) {
  for (u32 i = 0; i < count_; ++i) {
    RacedEntry& known = i == 0 ? first_.entry : more_[i - 1].entry;
    if (known.stamp != entry.stamp || known.kind != entry.kind) continue;
    known.bytes |= entry.bytes;
    return;
  }
  const Wanted added{entry, wantEpoch(resolve(entry.stamp))};
  if (count_ == 0) {
    first_ = added;
  } else {
    if (count_ - 1 == capacity_) {
      const u32 capacity = capacity_ == 0 ? 7 : 2 * capacity_;
      auto* more = static_cast<Wanted*>(arenaAllocate(capacity * sizeof(Wanted)));
      for (u32 i = 0; i < capacity_; ++i) more[i] = more_[i];
      if (more_ != nullptr) arenaFree(more_, capacity_ * sizeof(Wanted));
      more_ = more;
      capacity_ = capacity;
    }
    more_[count_ - 1] = added;
  }
  ++count_;
}

void RacedEntries::clear() {
  for (u32 i = 0; i < count_; ++i) unwantEpoch(i == 0 ? first_.place : more_[i - 1].place);
  if (more_ != nullptr) arenaFree(more_, capacity_ * sizeof(Wanted));
  more_ = nullptr;
  count_ = capacity_ = 0;
}

void LineLock::lockSlow() {
  for (u32 round = 0;;) {
    value_ = __atomic_load_n(word_, __ATOMIC_RELAXED);
    if ((value_ & 1) == 0 &&
        __atomic_compare_exchange_n(word_, &value_, value_ | 1, false, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED))  // pairs with: ~LineLock
      return;
    spinWait(round++);
  }
}

void LineLock::makeRecord() { hindsight::needRecord(value_, address_); }

void LineLock::trim() {
  if (value_ >> kRecordShift == 0) return;
  LineRecord& record = *recordAt(value_ >> kRecordShift);
  if (record.count != 0 || record.syncs != nullptr || record.spilled != 0) return;
  if (record.entries != record.few) arenaFree(record.entries, capacityOf(record) * sizeof(Entry));
  bumpVersion(record);
  record.entries = nullptr;
  record.doubled = 0;
  record.stored = record.left_behind = 0;
  freeRecord(value_ >> kRecordShift);
  value_ &= (1u << kRecordShift) - 1;
}

void giveOwnRecords() {
  own_records.is_over = true;
  giveRecords(own_records, 0);
}

LineRecord* peekRecord(uptr address) {
  const u32 index = __atomic_load_n(lineWord(address), __ATOMIC_ACQUIRE) >> kRecordShift;
  return index == 0 ? nullptr : recordAt(index);
}

void spillWords(LineRecord& record, uptr line, u16 words, u32 groups) {
  words &= static_cast<u16>(~record.spilled);
  for (u32 left = words; left != 0; left &= left - 1) {
    const u32 w = static_cast<u32>(__builtin_ctz(left));
    Cell* write = writeCell(line + w * kWordSize);
    for (u32 group = 0; groups >> group != 0; ++group) {
      if ((groups >> group & 1) == 0) continue;
      Cell* read = readCell(line + w * kWordSize, group);
      const bool mark = sameStamp(*read, *write) && (maskOf(*read) & ~maskOf(*write)) == 0;
      if (maskOf(*read) != 0 && !mark && !isCommonPast(stampOf(*read)))
        addCell(record, *read, w, Kind::Read);
      if (*read != kEmptyCell) *read = kEmptyCell;
    }
    if (maskOf(*write) != 0 && !isCommonPast(stampOf(*write)))
      addCell(record, *write, w, Kind::Write);
    *write = kSpilledCell;
  }
  record.spilled |= words;
  record.left_behind &= static_cast<u16>(~words);
}

LineRecord& needRecord(u32& line_word, uptr address) {
  if (line_word >> kRecordShift == 0) {
    line_word |= newRecord() << kRecordShift;
    *lineFlag(address) = 1;
  }
  return *recordAt(line_word >> kRecordShift);
}

void leaveBehind(LineRecord& record, Cell cell, u32 word, Kind kind) {
  if (maskOf(cell) == 0) return;
  addCell(record, cell, word, kind);
  record.left_behind |= static_cast<u16>(1u << word);
}

void checkLeftBehind(LineRecord& record, u32 word, u32 mask, Stamp stamp, Kind kind,
                     const ThreadClock& clock, RacedEntries& raced) {
  const u64 bytes = static_cast<u64>(mask) << (word * kWordSize);
  for (u32 i = 0; i < record.count;) {
    Entry& entry = record.entries[i];
    const u64 common = entry.bytes & bytes;
    if (common != 0) {
      if (entry.stamp == stamp || clock.knows(entry.stamp)) {
        if (covers(kind, entry.kind)) entry.bytes &= ~common;
      } else if (conflict(kind, entry.kind)) {
        raced.add({common, entry.stamp, entry.kind});
      }
    }
    if (entry.bytes != 0)
      ++i;
    else
      removeEntry(record, i);
  }
  noteLeftBehind(record, static_cast<u16>(1u << word));
}

bool judgeBeside(LineRecord& record, u64 bytes, Kind kind, const ThreadClock& clock) {
  u64 rest = 0;
  for (u32 i = 0; i < record.count;) {
    Entry& entry = record.entries[i];
    const u64 common = entry.bytes & bytes;
    if (common != 0) {
      if (clock.knows(entry.stamp))
        entry.bytes &= covers(kind, entry.kind) ? ~common : ~0ull;
      else if (conflict(kind, entry.kind))
        return false;
    }
    rest |= entry.bytes;
    if (HINDSIGHT_LIKELY(entry.bytes != 0))
      ++i;
    else
      removeEntry(record, i);
  }
  for (u64 gone = bytes & ~rest; gone != 0;) {
    const u32 w = static_cast<u32>(__builtin_ctzll(gone)) / kWordSize;
    const u64 word = 0xfull << (w * kWordSize);
    gone &= ~word;
    if ((rest & word) == 0) record.left_behind &= static_cast<u16>(~(1u << w));
  }
  return true;
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): one rule, and each branch is hot
bool recordAccess(LineRecord& record, uptr line, u64 bytes, Cell own, u32 group, Kind kind,
                  const ThreadClock& clock, RacedEntries& raced) {
  const Stamp stamp = stampOf(own);
  if (kind == Kind::Write && HINDSIGHT_UNLIKELY(record.stored != 0) &&
      (record.stored & wordsOf(bytes)) != 0)
    forgetStores(record, bytes);
  bool found_race = false;
  u32 own_entry = ~0u;
  for (u32 i = 0; i < record.count;) {
    Entry& entry = record.entries[i];
    if (entry.stamp == stamp && entry.kind == kind) {
      own_entry = i++;
      continue;
    }
    const u64 common = entry.bytes & bytes;
    if (common == 0) {
      ++i;
      continue;
    }
    if (entry.stamp == stamp || clock.knows(entry.stamp)) {
      if (covers(kind, entry.kind)) {
        if (common == entry.bytes && own_entry == ~0u && i + 1 == record.count) {
          // What is replaced makes room for what replaces it. Nobody but this thread looks for
          // its stamp without the lock (ownEntryCovers), so the version stays.
          entry = {bytes, stamp, kind};
          own_entry = i++;
          continue;
        }
        entry.bytes &= ~common;
      }
    } else if (conflict(kind, entry.kind)) {
      raced.add({common, entry.stamp, entry.kind});
      found_race = true;
    }
    if (entry.bytes != 0) {
      ++i;
    } else {
      removeEntry(record, i);
      if (own_entry == record.count) own_entry = i;
    }
  }
  if (own_entry == ~0u) {
    addEntry(record, {bytes, stamp, kind});
    own_entry = record.count - 1;
  } else {
    record.entries[own_entry].bytes |= bytes;
  }
  if (kind == Kind::Write && !found_race) {
    const u64 sole = soleWords(record, record.entries[own_entry].bytes, own_entry);
    if (sole != 0) unspillWords(record, line, sole, own, group, own_entry);
  }
  return found_race;
}

bool ownEntryCovers(uptr address, size_t bytes, Cell own, Kind kind) {
  const LineRecord* record = peekRecord(address);
  if (record == nullptr) return false;
  const u32 version = __atomic_load_n(&record->version, __ATOMIC_ACQUIRE);
  // The count first: entry arrays only grow while a record lives, and a stale count that meets a
  // younger, smaller array reads on inside the arena and fails the version test below.
  const u32 count = __atomic_load_n(&record->count, __ATOMIC_ACQUIRE);
  const Entry* entries = __atomic_load_n(&record->entries, __ATOMIC_ACQUIRE);
  if (entries == nullptr) return false;
  const u64 wanted = lineBytes(address, bytes);
  // A write that has to end an atomic object's clock is not over yet (a hint is enough: an atomic
  // operation that is going on now may come after this access just as well).
  if (kind == Kind::Write && record->stored != 0 && (record->stored & wordsOf(wanted)) != 0)
    return false;
  bool found = false;
  for (u32 i = 0; i < count && !found; ++i)
    found = entries[i].stamp == stampOf(own) && covers(entries[i].kind, kind) &&
            (wanted & ~entries[i].bytes) == 0;
  // pairs with: removeEntry, addEntry, trim. The same version: these were this record's entries.
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
  return found && __atomic_load_n(&record->version, __ATOMIC_RELAXED) == version &&
         peekRecord(address) == record;
}

constinit void (*watched_object_gone)(uptr address) = nullptr;

SyncObject& addSyncObject(LineRecord& record, uptr address, u32 clock) {
  SyncObject* object = ownSyncObject(&record);
  for (SyncObject* other = record.syncs; other != nullptr; other = other->next)
    if (other == object) {  // taken
      object = static_cast<SyncObject*>(arenaAllocate(sizeof(SyncObject)));
      break;
    }
  *object = {record.syncs,   static_cast<u8>(address % kLineSize + clock), true, false, false, 0,
             kEmptySyncClock};
  __atomic_store_n(&record.syncs, object, __ATOMIC_RELEASE);  // pairs with: loadRepeatedly
  return *object;
}

void disposeSyncObject(SyncObject* object) {
  dispose(object->clock);
  const bool is_records =
      reinterpret_cast<uptr>(object) - reinterpret_cast<uptr>(record_region) < regionBytes();
  if (!is_records) arenaFree(object, sizeof(SyncObject));
}

void renumberEntries(LineRecord& record, uptr line, Stamp (*renumber)(Stamp stamp, void* argument),
                     void* argument) {
  u64 bytes = 0;
  for (u32 i = 0; i < record.count;) {
    const Stamp stamp = renumber(record.entries[i].stamp, argument);
    if (stamp == Stamp{}) {
      removeEntry(record, i);
      continue;
    }
    record.entries[i].stamp = stamp;
    bytes |= record.entries[i++].bytes;
  }
  noteLeftBehind(record);
  for (u32 w = 0; w < kLineSize / kWordSize; ++w) {
    if ((record.spilled >> w & 1) == 0 || (bytes >> (w * kWordSize) & 0xf) != 0) continue;
    record.spilled &= static_cast<u16>(~(1u << w));
    *writeCell(line + w * kWordSize) = kEmptyCell;
  }
}

void forgetEntries(LineRecord& record, uptr line) {
  while (record.count != 0) removeEntry(record, record.count - 1);
  for (u32 w = 0; record.spilled >> w != 0; ++w)
    if ((record.spilled >> w & 1) != 0) *writeCell(line + w * kWordSize) = kEmptyCell;
  record.spilled = record.left_behind = 0;
}

void resetLineRecord(LineRecord& record, uptr line, u64 bytes) {
  for (u32 i = 0; i < record.count;) {
    record.entries[i].bytes &= ~bytes;
    if (record.entries[i].bytes == 0)
      removeEntry(record, i);
    else
      ++i;
  }
  noteLeftBehind(record);
  for (SyncObject** link = &record.syncs; *link != nullptr;) {
    SyncObject* object = *link;
    if ((bytes >> object->offset % kLineSize & 1) == 0) {
      link = &object->next;
      continue;
    }
    *link = object->next;
    bumpVersion(record);
    if (object->is_watched && watched_object_gone != nullptr)
      watched_object_gone(line + object->offset % kLineSize);
    disposeSyncObject(object);
  }
  for (u32 left = record.spilled; left != 0; left &= left - 1) {
    const u32 w = static_cast<u32>(__builtin_ctz(left));
    const u64 word = 0xfull << (w * kWordSize);
    if ((bytes & word) != word) continue;
    record.spilled &= static_cast<u16>(~(1u << w));
    *writeCell(line + w * kWordSize) = kEmptyCell;
  }
}

}  // namespace hindsight
