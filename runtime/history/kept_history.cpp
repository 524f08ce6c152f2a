#include "history/kept_history.h"

#include "base/arena.h"
#include "core/wanted_epoch.h"
#include "history/event_words.h"
#include "history/live_access.h"
#include "history/stack_depot.h"
#include "platform/resident.h"
#include "platform/syscalls.h"

namespace hindsight {

u64 kept_history_limit = 128ull << 20;
bool kept_history_in_proportion = false;
u32 kept_history_effort = 100;

namespace {

constinit u64 kept_bytes = 0;  // of all threads
constinit u64 proportion = 0;  // of the process's memory, when the limit was last looked at

constexpr u32 kLongestAppend = 3 + 4;  // epoch, context, locks and the longest event
constexpr u32 kLeastParts = 8;         // fewer are not looked through again
constexpr u32 kLeastContexts = 4096;   // nor because of fewer of these
constexpr sptr kMaxStride = 1 << 20;

void countBytes(u64 more) { __atomic_fetch_add(&kept_bytes, more, __ATOMIC_RELAXED); }

/// Whether one more part would be too much.
bool limitIsReached() {
  constexpr u64 kShare = 16, kLeast = 1 << 20;
  const u64 wanted = keptHistoryBytes() + kKeptBytes;
  if (wanted > kept_history_limit || !kept_history_in_proportion)
    return wanted > kept_history_limit;
  if (wanted <= max(__atomic_load_n(&proportion, __ATOMIC_RELAXED), kLeast)) return false;
  const u64 pages = residentPages();
  if (pages == 0) return false;
  __atomic_store_n(&proportion, pages * kPageSize / kShare, __ATOMIC_RELAXED);
  return wanted > max(pages * kPageSize / kShare, kLeast);
}

// --- Parts --------------------------------------------------------------------------------------

void freePart(KeptPart* part) {
  arenaFree(part, kKeptBytes);
  countBytes(-static_cast<u64>(kKeptBytes));
}

void dropOldest(KeptHistory& kept) {
  freePart(kept.parts[0]);
  for (u32 i = 1; i < kept.count; ++i) kept.parts[i - 1] = kept.parts[i];
  --kept.count;
  ++kept.dropped;
}

void growList(KeptHistory& kept) {
  const u32 capacity = max(16u, 2 * kept.capacity);
  auto** parts = static_cast<KeptPart**>(arenaAllocate(capacity * sizeof(KeptPart*)));
  for (u32 i = 0; i < kept.count; ++i) parts[i] = kept.parts[i];
  if (kept.parts != nullptr) arenaFree(kept.parts, kept.capacity * sizeof(KeptPart*));
  kept.parts = parts;
  kept.capacity = capacity;
}

void addPart(KeptHistory& kept) {
  if (kept.count == kept.capacity) growList(kept);
  auto* part = static_cast<KeptPart*>(arenaAllocate(kKeptBytes));
  countBytes(kKeptBytes);
  part->begin = ~0ull;
  part->end = 0;
  part->used = 0;
  kept.parts[kept.count++] = part;
}

// --- Writing -------------------------------------------------------------------------------------

/// Where an event stands in the stream.
struct Position {
  Epoch epoch;
  u32 context, lock_set;
};

void put(KeptPart& part, u64 word) { part.words[part.used++] = word; }

/// Room for one more event of any kind, behind what says where it stands.
KeptPart& partFor(KeptHistory& kept, const Position& at, bool may_drop) {
  const bool full =
      kept.count == 0 || kept.parts[kept.count - 1]->used + kLongestAppend > kKeptWords;
  if (full) {
    if (may_drop && kept.count > 1 && limitIsReached()) dropOldest(kept);
    addPart(kept);
  }
  KeptPart& part = *kept.parts[kept.count - 1];
  const bool first = part.used == 0;
  if (first) part.first_epoch = at.epoch;
  part.last_epoch = at.epoch;
  if (!first && kept.epoch == at.epoch && kept.context == at.context &&
      kept.lock_set == at.lock_set)
    return part;
  if (first || kept.epoch != at.epoch) put(part, makeWord(EventType::Epoch, at.epoch));
  if (first || kept.context != at.context) put(part, makeWord(EventType::Context, at.context));
  if (first || kept.lock_set != at.lock_set) put(part, makeWord(EventType::Locks, at.lock_set));
  kept.epoch = at.epoch;
  kept.context = at.context;
  kept.lock_set = at.lock_set;
  kept.recent_count = 0;
  return part;
}

/// The access at `place` becomes a run, which takes a word more.
void makeRun(KeptHistory& kept, KeptPart& part, u32 place) {
  for (u32 i = part.used++; i > place + 2; --i) part.words[i] = part.words[i - 1];
  part.words[place] += static_cast<u64>(EventType::Run) - static_cast<u64>(EventType::Access);
  for (u32& recent : kept.recent)
    if (recent > place) ++recent;
}

/// Whether what stands at `place`, an access or a run, can go on with `access`; if so, it does.
bool extendRun(KeptHistory& kept, KeptPart& part, u32 place, const AccessEvent& access, u64 site) {
  u64* const word = part.words + place;
  if (word[1] != site) return false;
  const AccessEvent run = unpackAccess(word);
  if (run.bytes != access.bytes) return false;
  const uptr last = run.address + static_cast<uptr>(run.stride) * (run.count - 1);
  if (last == access.address) return true;
  const sptr stride = static_cast<sptr>(access.address - last);
  if (run.count > 1 ? stride != run.stride : stride > kMaxStride || stride < -kMaxStride)
    return false;
  if (run.type == EventType::Access) makeRun(kept, part, place);
  word[2] = runWord(run.count + 1, stride);
  return true;
}

bool joinsRecent(KeptHistory& kept, KeptPart& part, const AccessEvent& access, u64 site) {
  const u32 count = min(kept.recent_count, KeptHistory::kRecent);
  for (u32 i = 1; i <= count; ++i)
    if (extendRun(kept, part, kept.recent[(kept.recent_count - i) % KeptHistory::kRecent], access,
                  site))
      return true;
  return false;
}

void append(KeptHistory& kept, const Position& at, const u64* word, const AccessEvent& access,
            bool may_drop) {
  KeptPart& part = partFor(kept, at, may_drop);
  const uptr far_end = access.address + static_cast<uptr>(access.stride) * (access.count - 1);
  part.begin = min(part.begin, min(access.address, far_end));
  part.end = max(part.end, max(access.address, far_end) + access.bytes);
  if (access.type == EventType::Access && access.bytes < 4096) {
    if (joinsRecent(kept, part, access, word[1])) return;
    kept.recent[kept.recent_count++ % KeptHistory::kRecent] = part.used;
    put(part, word[0]);
    put(part, word[1]);
    return;
  }
  if (access.type == EventType::Run) {
    put(part, (word[0] & ~(kAddressMask << kEventTypeBits)) | access.address << kEventTypeBits);
    put(part, word[1]);
    put(part, runWord(access.count, access.stride));
    return;
  }
  for (u32 i = 0; i < access.length; ++i) put(part, word[i]);
}

/// The first look at a stream of events, without a branch that depends on the shadow, which is far
/// from what is in the caches: cells are asked for some events ahead. Many streams turn out to be
/// dead as a whole.
class FirstLook {
 public:
  FirstLook(const History& history, const u64* words, u32 used, Epoch epoch)
      : slot_(history.slot),
        chunk_(history.kept->chunk),
        offsets_{address_layout.read_offsets[history.read_group], address_layout.write_offset} {
    newEpoch(epoch);
    for (u32 i = 0, ahead = 0; i < used;) {
      for (const u32 end = min(i + kAhead, used); ahead < end; ahead += lengthOf(words + ahead))
        if (isAccess(typeOf(words[ahead]))) prefetch(words + ahead);
      const u64* word = words + i;
      const EventType type = typeOf(word[0]);
      if (type == EventType::Epoch) newEpoch(static_cast<Epoch>(valueOf(word[0])));
      if (isAccess(type)) look(i, type, word);
      i += lengthOf(word);
    }
  }

  bool allDead() const { return !some_; }
  bool isLive(u32 place) const { return bit(live_, place); }
  /// More cells, or the line's record, have to be asked.
  bool isUncertain(u32 place) const { return bit(uncertain_, place); }

 private:
  static bool bit(const u64* bits, u32 place) {
    return (bits[place / 64] >> (place % 64) & 1) != 0;
  }

  void newEpoch(Epoch epoch) { stamp_ = chunk_.stampOf(slot_, epoch); }

  HINDSIGHT_ALWAYS_INLINE void look(u32 place, EventType type, const u64* word) {
    const uptr address = word[0] >> kEventTypeBits & kAddressMask;
    const u64 bytes = word[0] >> (kEventTypeBits + 48);
    const u64 kind = word[1] >> 60;
    const uptr offset = static_cast<uptr>(offsets_[kind & 1]);
    const Cell first = cellAt(roundDown(address, kWordSize) + offset);
    const Cell last = cellAt(roundDown(address + max<u64>(bytes, 1) - 1, kWordSize) + offset);
    const u64 live =
        (stamp_ != 0) & ((first >> kMaskBits == stamp_) | (last >> kMaskBits == stamp_));
    const u64 uncertain =
        static_cast<u64>(hasRecord(address) || hasRecord(address + max<u64>(bytes, 1) - 1)) |
        (stamp_ == 0) | (kind > 1) | (bytes - 1 > 7) | (address % kWordSize + bytes > 8) |
        !(type == EventType::Access || (type == EventType::Run && word[2] >> 32 == 1));
    live_[place / 64] |= live << (place % 64);
    uncertain_[place / 64] |= (uncertain & ~live) << (place % 64);
    some_ |= (live | uncertain) != 0;
  }

  /// Whether the record of the line has a say, too.
  static bool hasRecord(uptr address) {
    return *lineFlag(address) != 0 &&
           __atomic_load_n(lineWord(address), __ATOMIC_RELAXED) >> kRecordShift != 0;
  }

  /// __builtin_prefetch comes to nothing where vector registers are switched off.
  HINDSIGHT_ALWAYS_INLINE void prefetch(const u64* word) const {
    const uptr address = word[0] >> kEventTypeBits & kAddressMask;
    const auto* cell = reinterpret_cast<const Cell*>(
        roundDown(address, kWordSize) + static_cast<uptr>(offsets_[word[1] >> 60 & 1]));
#if defined(__x86_64__)
    asm volatile("prefetcht0 %0" : : "m"(*cell));
#else
    __builtin_prefetch(cell);
#endif
  }

  static Cell cellAt(uptr cell) {
    return __atomic_load_n(reinterpret_cast<const Cell*>(cell), __ATOMIC_RELAXED);
  }

  static constexpr u32 kAhead = 64;  // words
  static constexpr u32 kWords = (max(kKeptWords, kPartWords) + 63) / 64;
  const Slot slot_;
  ChunkGuess& chunk_;
  const sptr offsets_[2];  // of read and write cells
  u32 stamp_ = 0;          // of the epoch; 0: not known
  bool some_ = false;
  u64 live_[kWords] = {};
  u64 uncertain_[kWords] = {};
};

/// Whether the event at `word`, unpacked to `access`, is to be kept.
HINDSIGHT_ALWAYS_INLINE bool mustStay(const History& history, const FirstLook& first, u32 place,
                                      Epoch epoch, const u64* word, AccessEvent& access) {
  bool stays = first.isLive(place);
  if (stays || first.isUncertain(place)) {
    access = unpackAccess(word);
    stays = stays || isLive(history.slot, history.read_group, epoch, access);
  }
  // Asked last: what the shadow has lost to a race was wanted before.
  __atomic_thread_fence(__ATOMIC_ACQUIRE);  // pairs with: wantEpoch
  if (HINDSIGHT_LIKELY(!someAreWanted()) || !isWanted(history.slot, epoch)) return stays;
  access = unpackAccess(word);
  return true;
}

// --- Reading a part of the ring ------------------------------------------------------------------

void needFrames(SweepPosition& sweep, u32 depth) {
  if (depth <= sweep.capacity) return;
  const u32 capacity = max(64u, 2 * depth);
  auto* frames = static_cast<uptr*>(arenaAllocate(capacity * sizeof(uptr)));
  auto* contexts = static_cast<u32*>(arenaAllocate(capacity * sizeof(u32)));
  for (u32 i = 0; i < sweep.depth; ++i) {
    frames[i] = sweep.frames[i];
    contexts[i] = sweep.contexts[i];
  }
  if (sweep.capacity != 0) {
    arenaFree(sweep.frames, sweep.capacity * sizeof(uptr));
    arenaFree(sweep.contexts, sweep.capacity * sizeof(u32));
  }
  sweep.frames = frames;
  sweep.contexts = contexts;
  sweep.capacity = capacity;
}

/// The part's snapshot; frames that are as before keep their contexts.
void startAt(SweepPosition& sweep, const HistoryPart& part) {
  sweep.epoch = part.first_epoch;
  needFrames(sweep, part.depth);
  u32 same = 0;
  while (same < min(sweep.depth, part.depth) && sweep.frames[same] == part.frames[same]) ++same;
  for (u32 i = same; i < part.depth; ++i) sweep.frames[i] = part.frames[i];
  sweep.depth = part.depth;
  sweep.known = min(sweep.known, same);
  sweep.lock_count = part.lock_count;
  for (u32 i = 0; i < part.lock_count; ++i) sweep.locks[i] = part.locks[i];
  sweep.locks_known = false;
}

void push(SweepPosition& sweep, uptr pc) {
  needFrames(sweep, sweep.depth + 1);
  sweep.frames[sweep.depth++] = pc;
}

void addLock(SweepPosition& sweep, const u64* word) {
  const u64 value = valueOf(word[0]);
  if (sweep.lock_count < kMaxHeldLocks)
    sweep.locks[sweep.lock_count++] = {value & kAddressMask, word[1], 1, (value >> 48 & 1) != 0};
  sweep.locks_known = false;
}

void removeLock(SweepPosition& sweep, uptr address) {
  u32 left = 0;
  for (u32 i = 0; i < sweep.lock_count; ++i)
    if (sweep.locks[i].address != address) sweep.locks[left++] = sweep.locks[i];
  sweep.lock_count = left;
  sweep.locks_known = false;
}

u32 contextOf(KeptHistory& kept) {
  SweepPosition& sweep = kept.sweep;
  for (; sweep.known < sweep.depth; ++sweep.known) {
    const u32 parent = sweep.known == 0 ? 0 : sweep.contexts[sweep.known - 1];
    sweep.contexts[sweep.known] = kept.contexts.put(parent, sweep.frames[sweep.known]);
  }
  return sweep.depth == 0 ? 0 : sweep.contexts[sweep.depth - 1];
}

u32 lockSetOf(SweepPosition& sweep) {
  if (sweep.locks_known) return sweep.lock_set;
  for (u32 i = 0; i < sweep.lock_count; ++i) {
    const HeldLock& lock = sweep.locks[i];
    // NOLINTNEXTLINE(bugprone-implicit-widening-of-multiplication-result): kMaxHeldLocks at most
    sweep.lock_words[2 * i] = lock.address | static_cast<uptr>(lock.shared) << 48;
    sweep.lock_words[2 * i + 1] = lock.pc;
  }
  sweep.lock_set = depotPut(sweep.lock_words, 2 * sweep.lock_count);
  sweep.locks_known = true;
  return sweep.lock_set;
}

/// Applies an event that is not an access.
void apply(SweepPosition& sweep, const u64* word) {
  const u64 value = valueOf(word[0]);
  switch (typeOf(word[0])) {
    case EventType::Epoch: sweep.epoch = static_cast<Epoch>(value); break;
    case EventType::Depth:
      sweep.depth = static_cast<u32>(value);
      sweep.known = min(sweep.known, sweep.depth);
      break;
    case EventType::Push: push(sweep, value); break;
    case EventType::Lock: addLock(sweep, word); break;
    case EventType::Unlock: removeLock(sweep, value); break;
    default: break;
  }
}

void sweepPart(History& history, KeptHistory& kept, const HistoryPart& part) {
  const FirstLook first(history, part.words, part.used, part.first_epoch);
  if (first.allDead() && !someAreWanted()) return;
  SweepPosition& sweep = kept.sweep;
  startAt(sweep, part);
  for (u32 i = 0; i < part.used;) {
    const u32 place = i;
    const u64* word = part.words + i;
    i += lengthOf(word);
    if (!isAccess(typeOf(word[0]))) {
      apply(sweep, word);
      continue;
    }
    AccessEvent access;
    if (mustStay(history, first, place, sweep.epoch, word, access))
      append(kept, {sweep.epoch, contextOf(kept), lockSetOf(sweep)}, word, access, true);
  }
}

// --- Looking through what is kept ----------------------------------------------------------------

/// The contexts that are still named, under new numbers.
class MovedContexts {
 public:
  explicit MovedContexts(KeptHistory& kept) : kept_(kept), old_(kept.contexts) {
    kept.contexts = {};
    kept.sweep.known = 0;
    if (old_.count() == 0) return;
    moved_ = static_cast<u32*>(arenaAllocate(bytes()));
    for (u32 id = 0; id <= old_.count(); ++id) moved_[id] = 0;
  }
  ~MovedContexts() {
    if (old_.count() != 0) arenaFree(moved_, bytes());
    old_.clear();
  }
  MovedContexts(const MovedContexts&) = delete;
  MovedContexts& operator=(const MovedContexts&) = delete;

  u32 operator[](u32 id) {
    if (id == 0 || moved_[id] != 0) return id == 0 ? 0 : moved_[id];
    // Outwards to what has moved, noting the way back.
    u32 inner = 0, at = id;
    while (at != 0 && moved_[at] == 0) {
      moved_[at] = inner;
      inner = at;
      at = old_.at(at).parent;
    }
    for (u32 context = at == 0 ? 0 : moved_[at]; inner != 0; inner = at) {
      at = moved_[inner];
      context = moved_[inner] = kept_.contexts.put(context, old_.at(inner).pc);
    }
    return moved_[id];
  }

 private:
  size_t bytes() const { return (old_.count() + 1) * sizeof(u32); }

  KeptHistory& kept_;
  CallingContexts old_;
  u32* moved_ = nullptr;
};

void lookThroughPart(History& history, KeptHistory& kept, const KeptPart& part,
                     MovedContexts& moved) {
  const FirstLook first(history, part.words, part.used, 0);
  if (first.allDead() && !someAreWanted()) return;
  Position at{0, 0, 0};
  for (u32 i = 0; i < part.used;) {
    const u32 place = i;
    const u64* word = part.words + i;
    i += lengthOf(word);
    const u64 value = valueOf(word[0]);
    switch (typeOf(word[0])) {
      case EventType::Epoch: at.epoch = static_cast<Epoch>(value); continue;
      case EventType::Context: at.context = static_cast<u32>(value); continue;
      case EventType::Locks: at.lock_set = static_cast<u32>(value); continue;
      default: break;
    }
    AccessEvent access;
    if (mustStay(history, first, place, at.epoch, word, access))
      append(kept, {at.epoch, moved[at.context], at.lock_set}, word, access, false);
  }
}

/// Keeps of all parts what is still live; of those that are too much because of their calling
/// contexts, the younger half.
HINDSIGHT_NOINLINE void lookThroughAll(History& history, KeptHistory& kept) {
  KeptPart** const parts = kept.parts;
  const u32 count = kept.count, capacity = kept.capacity;
  const bool too_deep =
      limitIsReached() && kept.contexts.bytes() > static_cast<u64>(count) * kKeptBytes;
  kept.parts = nullptr;
  kept.count = kept.capacity = kept.dropped = 0;
  MovedContexts moved(kept);
  for (u32 i = 0; i < count; ++i) {
    if (!too_deep || i >= count / 2) lookThroughPart(history, kept, *parts[i], moved);
    freePart(parts[i]);
  }
  if (capacity != 0) arenaFree(parts, capacity * sizeof(KeptPart*));
  kept.look_again_at = max(kLeastParts, 3 * kept.count);
  kept.look_at_contexts = max(kLeastContexts, 2 * kept.contexts.count());
}

// --- What it may cost ----------------------------------------------------------------------------

constexpr sptr kMaxCredit = 10'000'000;
constexpr u32 kNoLimit = 100;

u64 threadTime() {
  constexpr int kThreadCpuTime = 3;
  long time[2] = {0, 0};
  sysClockGettime(kThreadCpuTime, time);
  return static_cast<u64>(time[0]) * 1'000'000'000 + static_cast<u64>(time[1]);
}

/// Asking for the time costs a good part of what filling a part of the ring did, so that is not
/// done again before the credit can be there.
bool hasCredit(KeptHistory& kept) {
  constexpr sptr kMostUnasked = 64;
  if (kept_history_effort >= kNoLimit) return true;
  ++kept.unseen;
  if (kept.unasked != 0) {
    --kept.unasked;
    return false;
  }
  const u64 now = threadTime();
  const auto passed = static_cast<sptr>(now - kept.last_time);
  const sptr earned = passed * kept_history_effort / 100;
  kept.credit = min(kMaxCredit, kept.credit + earned);
  kept.last_time = now;
  const sptr earned_per_part = earned / kept.unseen + 1;
  kept.unseen = 0;
  if (kept.credit > 0) return true;
  kept.unasked = static_cast<u32>(min(kMostUnasked, -kept.credit / earned_per_part));
  return false;
}

void payFor(KeptHistory& kept) {
  if (kept_history_effort < kNoLimit)
    kept.credit -= static_cast<sptr>(threadTime() - kept.last_time);
}

KeptHistory& needKept(History& history) {
  if (history.kept == nullptr) {
    auto* kept = arenaNew<KeptHistory>();
    kept->look_again_at = kLeastParts;
    kept->look_at_contexts = kLeastContexts;
    kept->credit = kMaxCredit;
    if (kept_history_effort < kNoLimit) kept->last_time = threadTime();
    __atomic_store_n(&history.kept, kept, __ATOMIC_RELEASE);  // pairs with: restoreAccess
  }
  return *history.kept;
}

}  // namespace

u64 keptHistoryBytes() { return __atomic_load_n(&kept_bytes, __ATOMIC_RELAXED); }

void keepLiveEvents(History& history, const HistoryPart& part) {
  if (kept_history_limit == 0) return;
  KeptHistory& kept = needKept(history);
  if (!hasCredit(kept)) return;
  SpinLockGuard guard(kept.lock);
  const u64 contexts_before = kept.contexts.bytes();
  sweepPart(history, kept, part);
  // At the limit parts are dropped one by one: then, too, what is dead must make room now and then.
  if (kept.count >= kept.look_again_at || kept.dropped > max(kLeastParts, kept.count / 2) ||
      kept.contexts.count() >= kept.look_at_contexts)
    lookThroughAll(history, kept);
  countBytes(kept.contexts.bytes() - contexts_before);
  payFor(kept);
}

void destroyKeptHistory(History& history) {
  KeptHistory* kept = history.kept;
  if (kept == nullptr) return;
  history.kept = nullptr;
  for (u32 i = 0; i < kept->count; ++i) freePart(kept->parts[i]);
  if (kept->capacity != 0) arenaFree(kept->parts, kept->capacity * sizeof(KeptPart*));
  countBytes(-kept->contexts.bytes());
  kept->contexts.clear();
  if (kept->sweep.capacity != 0) {
    arenaFree(kept->sweep.frames, kept->sweep.capacity * sizeof(uptr));
    arenaFree(kept->sweep.contexts, kept->sweep.capacity * sizeof(u32));
  }
  arenaFree(kept, sizeof(KeptHistory));
}

}  // namespace hindsight
