// history.h - a thread's recorded accesses, kept so that the older stack of a race can be shown.
//
// A ring of parts; each begins with a snapshot of the calling context and continues with events
// of one to three words. Events are written only for accesses that changed the shadow, so spans
// that hit the inline check cost nothing.
//
//   word 0:  [ value : 60 ][ type : 4 ]
//     Epoch   value = epoch; the accesses that follow belong to it
//     Depth   value = shadow stack depth common with the last logged state
//     Push    value = return address
//     Access  value = size:12 | address:48;
//             word 1 = pc:48 | starts of merged accesses:11 | volatile:1 (bit 59) | kind:2 (bit 60)
//     Group   as Access (size in words), word 2 = which merged access covers which word
//     Lock    value = address:48 | shared:1; word 1 = pc
//     Unlock  value = address:48
//   and in what is kept when the ring goes on (kept_history.h):
//     Context value = number of a calling context, in place of Depth and Push
//     Locks   value = number of a list of held locks
//     Run     as Access; word 2 = accesses:32 | signed bytes from each to the next:32
//
// Locks are logged lazily: what the thread holds is compared with what the log says only when an
// access follows. A lock taken and given back without a recorded access leaves no event, and one
// that is taken again at the same place by the next access leaves none either.
//
// Thread safety: written by its thread; `restoreAccess` may run in any thread at the same time: it
// reads up to the published position and then makes sure that the part was not reused meanwhile.
#pragma once

#include "base/types.h"
#include "core/race_rule.h"
#include "core/stamps.h"
#include "hindsight/abi.h"
#include "history/shadow_stack.h"

namespace hindsight {

enum class EventType : u8 {
  None,
  Epoch,
  Depth,
  Push,
  Access,
  Group,
  Free,
  Lock,
  Unlock,
  Context,
  Locks,
  Run
};

/// Set in the pc of an access that the program calls volatile.
inline constexpr uptr kVolatileSite = 1ull << 59;
inline constexpr uptr kSitePcMask = (1ull << 60) - 1;

/// In the pc of a check that stands for several accesses: bit w - 1 of these says that word w
/// begins the next of its parts (hindsight/abi.h).
inline constexpr u32 kStartsShift = HINDSIGHT_STARTS_SHIFT;
inline constexpr u64 kStartsMask = ((1ull << (HINDSIGHT_PARTS_WORDS - 1)) - 1) << kStartsShift;
static_assert((kStartsMask & kVolatileSite) == 0);

/// Calls `visit(address, bytes, part)` for each of the accesses that a check stands for.
template <class Visit>
void forEachPart(uptr address, size_t bytes, uptr pc, Visit visit) {
  u64 starts = (pc & kStartsMask) >> kStartsShift;
  size_t begin = 0;
  u32 part = 0;
  for (; starts != 0; ++part) {
    const u32 words = static_cast<u32>(__builtin_ctzll(starts)) + 1;
    visit(address + begin, words * kWordSize, part);
    starts >>= words;
    begin += words * kWordSize;
  }
  visit(address + begin, bytes - begin, part);
}

inline constexpr u32 kEventTypeBits = 4;
inline constexpr u32 kPartWords = 1016;  // of a part, which takes 8 KiB in all
inline constexpr u32 kMaxHeldLocks = 64;
inline constexpr u32 kMaxFrames = 256;  // of a restored or copied stack

struct HeldLock {
  uptr address;
  uptr pc;
  u32 levels;  // recursive locks
  bool shared;
};

struct HistoryPart {
  HistoryPart* next;
  HistoryPart* previous;
  u64 generation;     // odd while it is being reused
  Epoch first_epoch;  // epoch in force at the part's start
  u32 used;           // words, published after the event is complete
  u32 depth, lock_count;
  u32 snapshot_bytes;
  uptr* frames;     // snapshot: outermost first, `depth` entries
  HeldLock* locks;  // snapshot
  u64 words[kPartWords];
};

static_assert(sizeof(HistoryPart) == 8192);  // a size of the arena's: no page is cut off

struct KeptHistory;

struct History {
  HistoryPart* first;
  HistoryPart* last;
  u32 parts, max_parts;
  u32 logged_depth;
  Epoch logged_epoch;
  Epoch plain_epoch;      // logged_epoch; 0 while `locks` is not what the log says
  const uptr* plain_top;  // the shadow stack pointer at which nothing but the access has to be
                          // logged, if the entry below is a logged one still; null: unknown
  Slot slot;              // of the thread: its accesses' stamps
  u8 read_group;
  KeptHistory* kept;  // null before the ring is full
  ShadowStack stack;
  HeldLock locks[kMaxHeldLocks];         // held now
  HeldLock logged_locks[kMaxHeldLocks];  // as the log says
  u32 lock_count, logged_lock_count;
};

/// Parts a thread may keep (8 KiB each), at least 2; set once from the `history_size` option.
extern u32 history_parts;

void initHistory(History& history, u32 max_parts, Slot slot);
void destroyHistory(History& history);

/// The general road of logAccess: a new part, a changed calling context, a long size.
void logAccessSlow(History& history, const uptr* top, Epoch epoch, EventType type, uptr address,
                   size_t bytes, Kind kind, uptr pc, u64 components);

/// Writes one access of fewer than 4096 bytes behind the `used` words of the part, which has room
/// for it. Addresses have 47 bits, and a pc with its marks 60.
HINDSIGHT_ALWAYS_INLINE void appendAccess(HistoryPart& part, u32 used, uptr address, size_t bytes,
                                          Kind kind, uptr pc, EventType type = EventType::Access) {
  u64* const word = part.words + used;
  word[0] = (static_cast<u64>(bytes) << 48 | address) << kEventTypeBits | static_cast<u64>(type);
  word[1] = static_cast<u64>(kind) << 60 | pc;
  __atomic_store_n(&part.used, used + 2, __ATOMIC_RELEASE);  // pairs with: restoreAccess
}

/// Writes one access; `top` is the shadow stack pointer. Must precede the store that makes the
/// access visible in the shadow.
HINDSIGHT_ALWAYS_INLINE void logAccess(History& history, const uptr* top, Epoch epoch,
                                       EventType type, uptr address, size_t bytes, Kind kind,
                                       uptr pc, u64 components = 0) {
  HistoryPart* const part = history.last;
  const bool plain = part != nullptr && part->used + 2 <= kPartWords && type != EventType::Group &&
                     bytes < 4096 && history.plain_epoch == epoch &&
                     static_cast<u32>(top - history.stack.base) - 1 == history.logged_depth &&
                     (top[-1] & kLoggedFrame) != 0;
  if (HINDSIGHT_UNLIKELY(!plain))
    return logAccessSlow(history, top, epoch, type, address, bytes, kind, pc, components);
  appendAccess(*part, part->used, address, bytes, kind, pc, type);
}
/// `locks` has changed: the next access will log what is different.
HINDSIGHT_ALWAYS_INLINE void locksChanged(History& history) {
  history.plain_epoch = 0;
  history.plain_top = nullptr;
}
/// So has the epoch.
HINDSIGHT_ALWAYS_INLINE void epochChanged(History& history) { history.plain_top = nullptr; }
/// The next access has to look at more than where it is (Thread::ignore_reads_writes).
HINDSIGHT_ALWAYS_INLINE void noQuickAccess(History& history) { history.plain_top = nullptr; }

/// Brings the log's calling context, held locks and epoch up to date, so that an access may follow
/// (appendAccess). False: there is not room enough in the part for all that.
HINDSIGHT_KEEPS_REGISTERS bool logContextShortly(History& history, const uptr* top, Epoch epoch);

/// The same where nothing has been called since the last access but what has returned, and no lock
/// has been taken or given back.
HINDSIGHT_ALWAYS_INLINE bool logReturnShortly(History& history, const uptr* top, Epoch epoch) {
  HistoryPart* const part = history.last;
  const u32 depth = static_cast<u32>(top - history.stack.base) - 1;
  if ((top[-1] & kLoggedFrame) == 0 || depth > history.logged_depth || history.plain_epoch == 0 ||
      part == nullptr || part->used > kPartWords - 2)
    return false;
  u64* word = part->words + part->used;
  if (depth != history.logged_depth) {
    *word++ = static_cast<u64>(depth) << kEventTypeBits | static_cast<u64>(EventType::Depth);
    history.logged_depth = depth;
  }
  if (history.logged_epoch != epoch) {
    *word++ = static_cast<u64>(epoch) << kEventTypeBits | static_cast<u64>(EventType::Epoch);
    history.logged_epoch = history.plain_epoch = epoch;
  }
  // pairs with: restoreAccess
  __atomic_store_n(&part->used, static_cast<u32>(word - part->words), __ATOMIC_RELEASE);
  history.plain_top = top;
  return true;
}

/// The same in either case, if anything is to be logged at all. Afterwards there is room for the
/// access.
HINDSIGHT_ALWAYS_INLINE bool logContextQuickly(History& history, const uptr* top, Epoch epoch) {
  if (HINDSIGHT_UNLIKELY(history.plain_top != top) ||
      HINDSIGHT_UNLIKELY((top[-1] & kLoggedFrame) == 0))
    if (!logReturnShortly(history, top, epoch) && !logContextShortly(history, top, epoch))
      return false;
  return HINDSIGHT_LIKELY(history.last->used <= kPartWords - 2);
}

struct RestoredAccess {
  uptr address;
  size_t bytes;
  Kind kind;
  bool is_free;
  bool is_volatile;
  u32 part;  // of a check of several accesses, the one that is meant
  u32 frame_count;
  uptr frames[kMaxFrames];  // innermost first; frames[0] is the access, or the check
  u32 lock_count;
  HeldLock locks[kMaxHeldLocks];
};

/// Finds the last access of `epoch` to any of the bytes `byte_mask` of the line at `line` that
/// conflicts with all that `wanted` conflicts with; if there is none, the last that is a write if
/// `wanted` is. Returns false if history no longer holds it.
bool restoreAccess(const History& history, Epoch epoch, uptr line, u64 byte_mask, Kind wanted,
                   RestoredAccess& out);

}  // namespace hindsight
