// line.h - the lock and the exact record of one 64-byte line.
//
// Every slow access takes its line's lock (one compare-and-swap on the line word, one plain store
// to release), so two threads never update the cells of a line at once and no access is lost
// between them. The same lock guards the line's record and its sync objects; an atomic operation
// and its clock update are therefore one step.
//
//   line word:  [ record index : 27 ][ groups : 4 ][ locked : 1 ]
//
// Bit g of `groups`: the line's read cells in image g may be other than empty. A writer looks at
// those images only.
//
// A record holds what two cells per word cannot: concurrent readers, bytes of different epochs,
// atomic accesses, and the sync objects that live in the line. A word of atomic accesses is
// spilled: all that is known of it are entries. Any other word keeps its cells; what had to make
// room there for a later access is left behind as an entry beside them.
//
// Invariants: I1 a spilled word has kSpilledCell as its write cell, empty read cells and its bit
//                in `spilled`.
//             I2 the entries of a record touch only words that have their bit in `spilled` or
//                `left_behind`.
//             I3 entries are an antichain per byte: none happened before and is covered by another.
//             I4 records and entry arrays are type-stable: memory of one never becomes another
//                thing while a thread may read it without the lock.
// Thread safety: everything but `LineLock`, `LineLook` and `ownEntryCovers` needs the lock.
#pragma once

#include "base/types.h"
#include "core/address_map.h"
#include "core/race_rule.h"
#include "core/vector_clock.h"

namespace hindsight {

struct Entry {
  u64 bytes;  // bit i: byte i of the line
  Stamp stamp;
  Kind kind;
};

/// Two clocks may belong to one address: that of a read-write lock's readers has this much more as
/// its offset.
inline constexpr u32 kReadersClock = kLineSize;

struct SyncObject {
  SyncObject* next;
  u8 offset;        // in the line, and kReadersClock
  bool is_atomic;   // only atomic operations have left a clock: a plain write ends it
  bool is_watched;  // somebody wants to know when the memory becomes something else
  bool only_grows;  // inline assembly stores there, nobody knows when: no store ends what others
                    // have left
  u32 stack;  // of a lock: where the last to unlock it had taken it (history/stack_depot.h), or 0
  SyncClock clock;
};
static_assert(sizeof(SyncObject) == 64);

/// Two entries have room in the record itself. Threads that work on different lines must not meet
/// in a cache line of records, hence the alignment.
struct alignas(64) LineRecord {
  u16 spilled;      // bit w: word w of the line
  u16 left_behind;  // bit w: the word has cells, but entries may touch it, too
  u16 stored;       // bit w: an atomic operation has left a clock there since the last plain write
  u16 doubled;      // how many times `entries` has grown
  u32 count;
  u32 version;  // changes whenever an entry or sync object goes away, or a clock or atomic value
                // changes
  Entry* entries;
  SyncObject* syncs;
  Entry few[2];
};
static_assert(sizeof(LineRecord) == 64);
/// Where records live, so that a line word can name them in 27 bits. As many sync objects lie
/// behind them, one for each record, so that who has read the line word can ask for both at once.
extern HINDSIGHT_HIDDEN LineRecord* record_region;

inline constexpr u32 kRecordShift = 1 + kReadGroups;  // of the line word
/// From a record to its sync object; no multiple of a large power of two, or they would share a set
/// of a cache.
HINDSIGHT_ALWAYS_INLINE uptr ownSyncOffset() { return address_layout.record_bytes + 0x12480; }
static_assert(sizeof(SyncObject) == sizeof(LineRecord));
/// The first sync object of the line, unless it went before a later one did.
HINDSIGHT_ALWAYS_INLINE SyncObject* ownSyncObject(const LineRecord* record) {
  return reinterpret_cast<SyncObject*>(reinterpret_cast<uptr>(record) + ownSyncOffset());
}
/// Asks for both, to be written: the lock of the line lets nothing behind it begin before it is
/// there.
HINDSIGHT_ALWAYS_INLINE void prefetchRecord(const LineRecord* record) {
  prefetchForWrite(record);
  prefetchForWrite(ownSyncObject(record));
}

/// Who looks at the record without the lock has to look again. The line is locked.
HINDSIGHT_ALWAYS_INLINE void bumpVersion(LineRecord& record) {
  // pairs with: ownEntryCovers, recordHas, LineLook
  __atomic_store_n(&record.version, record.version + 1, __ATOMIC_RELEASE);
}
constexpr u32 groupMark(u32 group) { return 2u << group; }  // in the line word
constexpr u32 groupsOf(u32 line_word) { return line_word >> 1 & ((1u << kReadGroups) - 1); }

/// After the lock bit is set: who looks without the lock (LineLook) sees it before any change made
/// under it. An acquire alone keeps later stores from passing the load of the exchange, not its
/// store; on x86-64 a locked instruction is a fence.
HINDSIGHT_ALWAYS_INLINE void lockBeforeChanges() {
#if !defined(__x86_64__)
  __atomic_thread_fence(__ATOMIC_RELEASE);  // pairs with: LineLook::isUnchanged
#endif
}

/// Holds the lock of the line of `address` while alive. The caller is inside a RuntimeScope.
class LineLock {
 public:
  explicit LineLock(uptr address) : word_(lineWord(address)), address_(address) {
    // One transfer of the cache line, where to look first would take two (the bit alone is tested:
    // one instruction). pairs with: the destructor of the line's last holder
    if (HINDSIGHT_UNLIKELY((__atomic_fetch_or(word_, 1u, __ATOMIC_ACQUIRE) & 1) != 0))
      lockSlow();
    else
      value_ = __atomic_load_n(word_, __ATOMIC_RELAXED) & ~1u;  // the holder alone changes it
    lockBeforeChanges();
  }
  /// Takes over a lock that is held; `value` is the line's word without its lock bit.
  LineLock(uptr address, u32 value) : word_(lineWord(address)), address_(address), value_(value) {}
  ~LineLock() { __atomic_store_n(word_, value_, __ATOMIC_RELEASE); }  // pairs with: lockSlow
  LineLock(const LineLock&) = delete;
  LineLock& operator=(const LineLock&) = delete;

  bool hasRecord() const { return value_ >> kRecordShift != 0; }
  /// Words whose cells are not all there is to know, spilled ones aside, as bits.
  u32 leftBehind() const {
    return hasRecord() ? record_region[value_ >> kRecordShift].left_behind : 0;
  }
  /// The line's record, or null.
  LineRecord* record() const {
    const u32 index = value_ >> kRecordShift;
    return index == 0 ? nullptr : record_region + index;
  }
  /// The line's record, made if there is none.
  LineRecord& needRecord() {
    if (HINDSIGHT_UNLIKELY(value_ >> kRecordShift == 0)) makeRecord();
    return record_region[value_ >> kRecordShift];
  }
  /// Gives the record back if nothing is left in it.
  void trim();
  /// Read groups that may have cells in this line, as bits.
  u32 groups() const { return groupsOf(value_); }
  void addGroup(u32 group) { value_ |= groupMark(group); }
  /// The group's cells in this line are empty now. Some group has to stay as long as any cell is
  /// not.
  void removeGroup(u32 group) { value_ &= ~groupMark(group); }
  /// All of the line's read cells are, or all its cells.
  void clearGroups() { value_ &= ~(kGroupsMask << 1); }

 private:
  static constexpr u32 kGroupsMask = (1u << kReadGroups) - 1;
  void lockSlow();
  void makeRecord();
  u32* word_;
  uptr address_;
  u32 value_;
};

/// A look at a line without taking its lock. What is read is of one moment if the line is unchanged
/// afterwards; until that is known it may be anything (I4).
class LineLook {
 public:
  HINDSIGHT_ALWAYS_INLINE explicit LineLook(uptr address)
      : word_at_(lineWord(address)), word_(__atomic_load_n(word_at_, __ATOMIC_ACQUIRE)) {
    if (!isFree()) return;
    record_ = record_region + (word_ >> kRecordShift);
    version_ = __atomic_load_n(&record_->version, __ATOMIC_ACQUIRE);
  }
  /// Nobody holds the line, and it has a record.
  HINDSIGHT_ALWAYS_INLINE bool isFree() const {
    return (word_ & 1) == 0 && word_ >> kRecordShift != 0;
  }
  const LineRecord& record() const { return *record_; }
  HINDSIGHT_ALWAYS_INLINE bool isUnchanged() const {
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    // The line's word first: who finds it free again after a change finds the version moved on,
    // too. The other way round a store could move it on and unlock between the two looks. pairs
    // with: the release of the line in ~LineLock, which comes after bumpVersion
    return __atomic_load_n(word_at_, __ATOMIC_ACQUIRE) == word_ &&
           __atomic_load_n(&record_->version, __ATOMIC_RELAXED) == version_;
  }

 private:
  const u32* word_at_;
  u32 word_;
  u32 version_ = 0;
  const LineRecord* record_ = nullptr;
};

/// The calling OS thread ends: the free records that it has kept for itself are everybody's again,
/// and so will be those that it frees from now on.
void giveOwnRecords();
/// The record of a locked line, whose word gets its number if there was none.
LineRecord& needRecord(u32& line_word, uptr address);
/// The record of a line without taking its lock: a hint, or a thread's own entries (I4).
LineRecord* peekRecord(uptr address);

/// Bits of a line's byte mask for [address, address + bytes), which must not leave the line.
HINDSIGHT_ALWAYS_INLINE u64 lineBytes(uptr address, size_t bytes) {
  // NOLINTNEXTLINE(clang-analyzer-core.BitwiseShift): at most a line
  const u64 run = bytes == kLineSize ? ~0ull : (1ull << bytes) - 1;
  return run << (address % kLineSize);
}

/// A recorded access that a new one races with.
struct RacedEntry {
  u64 bytes;
  Stamp stamp;
  Kind kind;
};

/// All the recorded accesses of a line that a new one races with, by stamp and kind. What they did
/// is kept until clear() (core/wanted_epoch.h). Allocates only for more than one.
class RacedEntries {
 public:
  RacedEntries() = default;
  RacedEntries(const RacedEntries&) = delete;
  RacedEntries& operator=(const RacedEntries&) = delete;

  HINDSIGHT_ALWAYS_INLINE bool empty() const { return count_ == 0; }
  u32 count() const { return count_; }
  const RacedEntry& operator[](u32 index) const {
    return index == 0 ? first_.entry : more_[index - 1].entry;
  }
  /// One of the same stamp and kind gets its bytes. To be called before the shadow loses it.
  void add(const RacedEntry& entry);
  /// Empties it and gives its memory back: to be called before it goes unless it is empty.
  void clear();

 private:
  struct Wanted {
    RacedEntry entry;
    u32 place;  // of its epoch among those that are wanted
  };

  u32 count_ = 0, capacity_ = 0;  // the capacity is that of `more_`
  Wanted first_;
  Wanted* more_ = nullptr;
};

/// Moves the words of `words` (bit mask) that are not spilled yet from their cells to the record.
void spillWords(LineRecord& record, uptr line, u16 words, u32 groups);
/// Leaves behind what was in a cell of a word that is not spilled: `cell`, with the bytes of its
/// mask.
void leaveBehind(LineRecord& record, Cell cell, u32 word, Kind kind);
/// Applies the race rule to what is left behind of the bytes `mask` of a word; races are added to
/// `raced`. The access itself is to be recorded in cells.
void checkLeftBehind(LineRecord& record, u32 word, u32 mask, Stamp stamp, Kind kind,
                     const ThreadClock& clock, RacedEntries& raced);
/// checkLeftBehind for an access to `bytes`, all in words that are not spilled, where nothing
/// races; keeps the record though it may be empty then. False: something does. The general road has
/// to be taken, and takes away what is gone from the record already.
HINDSIGHT_KEEPS_REGISTERS bool judgeBeside(LineRecord& record, u64 bytes, Kind kind,
                                           const ThreadClock& clock);
/// Applies the race rule for an access to `bytes` (all in spilled words). Returns true if it races
/// with entries, which are added to `raced`.
/// A plain write that leaves a word with no other entry moves the word back to its cells.
bool recordAccess(LineRecord& record, uptr line, u64 bytes, Cell own, u32 group, Kind kind,
                  const ThreadClock& clock, RacedEntries& raced);
/// What `findAtomic` found.
enum class AtomicPast { Recorded, Replaced, Unknown };
/// The short road of an atomic access to the bytes `bytes`, all in spilled words, by the thread
/// with the stamp `stamp`. Recorded: it has been recorded in this epoch already, and `own` is null.
/// Replaced: whatever it conflicts with is in the past, and `own`, the thread's last access of the
/// kind or another that the new one makes redundant, makes room for it. Unknown: ask recordAccess.
///
/// Atomic accesses of other threads that the new one makes redundant stay until recordAccess comes
/// by: what races with them races with it, too, and there are at most two for each thread and word.
HINDSIGHT_ALWAYS_INLINE AtomicPast findAtomic(LineRecord& record, u64 bytes, Stamp stamp, Kind kind,
                                              const ThreadClock& clock, Entry*& own);
/// Finds it and puts the access there; `log()` is called before the record changes.
template <class Log>
HINDSIGHT_ALWAYS_INLINE AtomicPast recordAtomic(LineRecord& record, u64 bytes, Stamp stamp,
                                                Kind kind, const ThreadClock& clock, Log log);
/// Whether the thread with cell `own` has already recorded an access covering this one in its
/// current epoch in the record. Takes no lock: true is certain, false may be a missed hit.
bool ownEntryCovers(uptr address, size_t bytes, Cell own, Kind kind);

/// The sync object at `address`, or null. `clock` is 0 or kReadersClock.
HINDSIGHT_ALWAYS_INLINE SyncObject* findSyncObject(LineRecord* record, uptr address,
                                                   u32 clock = 0) {
  if (record == nullptr) return nullptr;
  for (SyncObject* object = record->syncs; object != nullptr; object = object->next)
    if (object->offset == address % kLineSize + clock) return object;
  return nullptr;
}
SyncObject& addSyncObject(LineRecord& record, uptr address, u32 clock = 0);
/// The sync object at `address`, for anything but the operations of an atomic object.
HINDSIGHT_ALWAYS_INLINE SyncObject& needSyncObject(LineRecord& record, uptr address,
                                                   u32 clock = 0) {
  SyncObject* const found = findSyncObject(&record, address, clock);
  SyncObject& object =
      HINDSIGHT_LIKELY(found != nullptr) ? *found : addSyncObject(record, address, clock);
  object.is_atomic = false;
  return object;
}
/// An atomic operation leaves a clock at the address: a plain write to the object's first byte will
/// take the place of the stored value, so the clock goes then (recordAccess).
HINDSIGHT_ALWAYS_INLINE void noteStored(LineRecord& record, uptr address) {
  record.stored |= static_cast<u16>(1u << (address % kLineSize / kWordSize));
}
/// needSyncObject for atomic operations.
HINDSIGHT_ALWAYS_INLINE SyncObject& needAtomicObject(LineRecord& record, uptr address) {
  noteStored(record, address);
  SyncObject* const object = findSyncObject(&record, address);
  return HINDSIGHT_LIKELY(object != nullptr) ? *object : addSyncObject(record, address);
}
/// Gives an unlinked sync object back.
void disposeSyncObject(SyncObject* object);
/// Gives each entry the stamp that `renumber` returns for its own, distinct ones for distinct ones;
/// 0 takes the entry away. Words in which no entry is left get empty cells. For stopped worlds.
void renumberEntries(LineRecord& record, uptr line, Stamp (*renumber)(Stamp stamp, void* argument),
                     void* argument);
/// Called when a watched sync object goes because its memory is reset, with the lock of the line
/// held.
extern void (*watched_object_gone)(uptr address);
/// Forgets all entries and spilled marks: cells of spilled words become empty. Sync objects stay.
void forgetEntries(LineRecord& record, uptr line);
/// Forgets entries, spilled marks and sync objects of [address, address + bytes) in this line.
/// Cells of its spilled words become empty.
void resetLineRecord(LineRecord& record, uptr line, u64 bytes);

HINDSIGHT_ALWAYS_INLINE AtomicPast findAtomic(LineRecord& record, u64 bytes, Stamp stamp, Kind kind,
                                              const ThreadClock& clock, Entry*& own) {
  const u32 chunk = static_cast<u32>(stamp) >> kChunkBits;
  own = nullptr;
  for (Entry *entry = record.entries, *end = entry + record.count; entry < end; ++entry) {
    if ((entry->bytes & bytes) == 0) continue;
    if (static_cast<u32>(entry->stamp) >> kChunkBits != chunk) {
      if (HINDSIGHT_UNLIKELY(conflict(entry->kind, kind)) && !clock.knows(entry->stamp))
        return AtomicPast::Unknown;
      continue;
    }
    // Stamps of the thread's current chunk are its own.
    if (entry->stamp == stamp) {
      if (covers(entry->kind, kind) && (bytes & ~entry->bytes) == 0) {
        own = nullptr;
        return AtomicPast::Recorded;
      }
      if (entry->kind == kind) return AtomicPast::Unknown;
    } else if (entry->kind == kind && (entry->bytes & ~bytes) == 0) {
      own = entry;
    }
  }
  if (HINDSIGHT_LIKELY(own != nullptr)) return AtomicPast::Replaced;
  for (Entry *entry = record.entries, *end = entry + record.count; entry < end; ++entry)
    if ((entry->bytes & bytes) != 0 && (entry->bytes & ~bytes) == 0 && covers(kind, entry->kind) &&
        (static_cast<u32>(entry->stamp) >> kChunkBits == chunk || clock.knows(entry->stamp))) {
      own = entry;
      return AtomicPast::Replaced;
    }
  return AtomicPast::Unknown;
}

template <class Log>
HINDSIGHT_ALWAYS_INLINE AtomicPast recordAtomic(LineRecord& record, u64 bytes, Stamp stamp,
                                                Kind kind, const ThreadClock& clock, Log log) {
  Entry* own;
  const AtomicPast past = findAtomic(record, bytes, stamp, kind, clock, own);
  if (past != AtomicPast::Replaced) return past;
  log();
  // Nobody looks without the lock for what is in this thread's past but itself: the version stays.
  *own = {bytes, stamp, kind};
  return past;
}

}  // namespace hindsight
