#include "history/kept_history.h"

#include "base/arena.h"
#include "history/calling_contexts.h"
#include "history/event_words.h"
#include "history/live_access.h"
#include "history/stack_depot.h"

namespace hindsight {

u64 kept_history_limit = 128ull << 20;

namespace {

constinit u64 part_bytes = 0;  // of all kept parts

constexpr u32 kLongestAppend = 3 + 4;  // epoch, context, locks and the longest event
constexpr u32 kLeastParts = 8;         // fewer are not looked through again
constexpr sptr kMaxStride = 1 << 20;

bool limitIsReached() { return keptHistoryBytes() + kKeptBytes > kept_history_limit; }

// --- Epochs that a report waits for -------------------------------------------------------------

constexpr u32 kMostWanted = 64;
constinit u64 wanted[kMostWanted];  // slot : 32 | epoch : 32; 0: free
constinit u32 wanted_count = 0;

u64 wantedKey(Slot slot, Epoch epoch) { return static_cast<u64>(slot) << 32 | epoch; }

HINDSIGHT_NOINLINE bool isAmongWanted(u64 key) {
  for (const u64& each : wanted)
    if (__atomic_load_n(&each, __ATOMIC_RELAXED) == key) return true;
  return false;
}

bool mustStay(const History& history, Epoch epoch, const AccessEvent& access) {
  if (isLive(history.slot, history.read_group, epoch, access)) return true;
  return HINDSIGHT_UNLIKELY(__atomic_load_n(&wanted_count, __ATOMIC_ACQUIRE) != 0) &&
         isAmongWanted(wantedKey(history.slot, epoch));
}

// --- Parts --------------------------------------------------------------------------------------

void freePart(KeptPart* part) {
  arenaFree(part, kKeptBytes);
  __atomic_fetch_sub(&part_bytes, kKeptBytes, __ATOMIC_RELAXED);
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
  __atomic_fetch_add(&part_bytes, kKeptBytes, __ATOMIC_RELAXED);
  part->begin = ~0ull;
  part->end = 0;
  part->used = 0;
  kept.parts[kept.count++] = part;
}

// --- Writing --------------------------------------------------------------------------------------

/// Where an event stands in the stream.
struct Position {
  Epoch epoch;
  u32 context, lock_set;
};

void put(KeptPart& part, u64 word) { part.words[part.used++] = word; }

/// Room for one more event of any kind, behind what says where it stands.
KeptPart& partFor(KeptHistory& kept, const Position& at, bool may_drop) {
  const bool full = kept.count == 0 || kept.parts[kept.count - 1]->used + kLongestAppend > kKeptWords;
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

/// Whether the run at `word` can go on with `access`; if so, it does.
bool extendRun(u64* word, const AccessEvent& access, u64 site) {
  const AccessEvent run = unpackAccess(word);
  if (word[1] != site || run.bytes != access.bytes) return false;
  const uptr last = run.address + static_cast<uptr>(run.stride) * (run.count - 1);
  if (last == access.address) return true;
  const sptr stride = static_cast<sptr>(access.address - last);
  if (run.count > 1 ? stride != run.stride : stride > kMaxStride || stride < -kMaxStride) return false;
  word[2] = runWord(run.count + 1, stride);
  return true;
}

bool joinsRecent(KeptHistory& kept, KeptPart& part, const AccessEvent& access, u64 site) {
  const u32 count = min(kept.recent_count, KeptHistory::kRecent);
  for (u32 i = 1; i <= count; ++i)
    if (extendRun(part.words + kept.recent[(kept.recent_count - i) % KeptHistory::kRecent], access,
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
    put(part, word[0] - static_cast<u64>(EventType::Access) + static_cast<u64>(EventType::Run));
    put(part, word[1]);
    put(part, runWord(1, 0));
    return;
  }
  for (u32 i = 0; i < access.length; ++i) put(part, word[i]);
}

// --- Reading a part of the ring --------------------------------------------------------------------

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

u32 contextOf(SweepPosition& sweep) {
  const u32 limit = static_cast<u32>(min<u64>(kept_history_limit / 2 / sizeof(CallingContext), ~0u));
  for (; sweep.known < sweep.depth; ++sweep.known) {
    const u32 parent = sweep.known == 0 ? 0 : sweep.contexts[sweep.known - 1];
    sweep.contexts[sweep.known] = contextPut(parent, sweep.frames[sweep.known], limit);
  }
  return sweep.depth == 0 ? 0 : sweep.contexts[sweep.depth - 1];
}

u32 lockSetOf(SweepPosition& sweep) {
  if (sweep.locks_known) return sweep.lock_set;
  for (u32 i = 0; i < sweep.lock_count; ++i) {
    const HeldLock& lock = sweep.locks[i];
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

/// The shadow is far apart from what is in the caches: it is asked for some events ahead.
struct Prefetch {
  static constexpr u32 kDistance = 48;  // words
  const HistoryPart& part;
  u32 group;
  u32 next = 0;

  void upTo(u32 place) {
    for (const u32 end = min(place + kDistance, part.used); next < end;) {
      const u64* word = part.words + next;
      next += lengthOf(word);
      if (!isAccess(typeOf(word[0]))) continue;
      const uptr address = valueOf(word[0]) & kAddressMask;
      __builtin_prefetch(isWrite(static_cast<Kind>(word[1] >> 60)) ? writeCell(address)
                                                                    : readCell(address, group));
    }
  }
};

void sweepPart(History& history, KeptHistory& kept, const HistoryPart& part) {
  SweepPosition& sweep = kept.sweep;
  startAt(sweep, part);
  Prefetch prefetch{part, history.read_group};
  for (u32 i = 0; i < part.used;) {
    prefetch.upTo(i);
    const u64* word = part.words + i;
    i += lengthOf(word);
    if (!isAccess(typeOf(word[0]))) {
      apply(sweep, word);
      continue;
    }
    const AccessEvent access = unpackAccess(word);
    if (mustStay(history, sweep.epoch, access))
      append(kept, {sweep.epoch, contextOf(sweep), lockSetOf(sweep)}, word, access, true);
  }
}

// --- Looking through what is kept ------------------------------------------------------------------

void lookThroughPart(History& history, KeptHistory& kept, const KeptPart& part) {
  Position at{0, 0, 0};
  for (u32 i = 0; i < part.used;) {
    const u64* word = part.words + i;
    i += lengthOf(word);
    const u64 value = valueOf(word[0]);
    switch (typeOf(word[0])) {
      case EventType::Epoch: at.epoch = static_cast<Epoch>(value); continue;
      case EventType::Context: at.context = static_cast<u32>(value); continue;
      case EventType::Locks: at.lock_set = static_cast<u32>(value); continue;
      default: break;
    }
    const AccessEvent access = unpackAccess(word);
    if (mustStay(history, at.epoch, access))
      append(kept, at, word, access, false);
  }
}

/// Keeps of all parts what is still live.
HINDSIGHT_NOINLINE void lookThroughAll(History& history, KeptHistory& kept) {
  KeptPart** const parts = kept.parts;
  const u32 count = kept.count, capacity = kept.capacity;
  kept.parts = nullptr;
  kept.count = kept.capacity = kept.dropped = 0;
  for (u32 i = 0; i < count; ++i) {
    lookThroughPart(history, kept, *parts[i]);
    freePart(parts[i]);
  }
  if (capacity != 0) arenaFree(parts, capacity * sizeof(KeptPart*));
  kept.look_again_at = max(kLeastParts, 2 * kept.count);
}

KeptHistory& needKept(History& history) {
  if (history.kept == nullptr) {
    auto* kept = arenaNew<KeptHistory>();
    kept->look_again_at = kLeastParts;
    __atomic_store_n(&history.kept, kept, __ATOMIC_RELEASE);  // pairs with: restoreAccess
  }
  return *history.kept;
}

}  // namespace

u64 keptHistoryBytes() {
  return __atomic_load_n(&part_bytes, __ATOMIC_RELAXED) + contextCount() * sizeof(CallingContext);
}

void keepLiveEvents(History& history, const HistoryPart& part) {
  if (kept_history_limit == 0) return;
  KeptHistory& kept = needKept(history);
  SpinLockGuard guard(kept.lock);
  sweepPart(history, kept, part);
  // At the limit parts are dropped one by one: then, too, what is dead must make room now and then.
  if (kept.count >= kept.look_again_at || kept.dropped > max(kLeastParts, kept.count / 2))
    lookThroughAll(history, kept);
}

void destroyKeptHistory(History& history) {
  KeptHistory* kept = history.kept;
  if (kept == nullptr) return;
  history.kept = nullptr;
  for (u32 i = 0; i < kept->count; ++i) freePart(kept->parts[i]);
  if (kept->capacity != 0) arenaFree(kept->parts, kept->capacity * sizeof(KeptPart*));
  if (kept->sweep.capacity != 0) {
    arenaFree(kept->sweep.frames, kept->sweep.capacity * sizeof(uptr));
    arenaFree(kept->sweep.contexts, kept->sweep.capacity * sizeof(u32));
  }
  arenaFree(kept, sizeof(KeptHistory));
}

WantedEpoch::WantedEpoch(ThreadEpoch event) : place_(kMostWanted) {
  const u64 key = wantedKey(event.slot, event.epoch);
  for (u32 i = 0; i < kMostWanted && place_ == kMostWanted; ++i) {
    u64 free = 0;
    if (__atomic_load_n(&wanted[i], __ATOMIC_RELAXED) == 0 &&
        __atomic_compare_exchange_n(&wanted[i], &free, key, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      place_ = i;
  }
  __atomic_fetch_add(&wanted_count, 1, __ATOMIC_SEQ_CST);  // pairs with: mustStay
}

WantedEpoch::~WantedEpoch() {
  __atomic_fetch_sub(&wanted_count, 1, __ATOMIC_RELAXED);
  if (place_ < kMostWanted) __atomic_store_n(&wanted[place_], 0, __ATOMIC_RELEASE);
}

}  // namespace hindsight
