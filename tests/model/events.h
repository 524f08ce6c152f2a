// events.h - the alphabet of the model test and a generator of random runs.
//
// A run is one interleaving of a few threads: every event happens in full before the next one. The
// generator keeps to what a real program could do (it locks only what is free, joins only its own
// kind once), so both sides may trust an event blindly.
//
// Random accesses alone would race at once and ever after. Memory is therefore cut into regions,
// each with a lock; threads mostly stay in regions whose lock they hold, and sometimes stray.
#pragma once

#include <cstdint>
#include <ostream>
#include <random>
#include <set>
#include <vector>

namespace hindsight_model {

enum class What {
  Read,
  Write,
  AtomicLoad,
  AtomicStore,
  AtomicUpdate,
  CompareFails,
  CompareSucceeds,
  Fence,
  Lock,
  Unlock,
  LockShared,
  Acquire,
  Release,
  ReleaseStore,
  AcquireRelease,
  Create,
  Join,
  Reset,
  Free,
};

// Values of std::memory_order in the C ABI.
enum Order : int { kRelaxed, kConsume, kAcquire, kRelease, kAcqRel, kSeqCst };
constexpr bool acquires(int order) { return order != kRelaxed && order != kRelease; }
constexpr bool releases(int order) { return order >= kRelease; }

constexpr int kMemoryBytes = 512;  // what is read and written, from offset 0
constexpr int kRegions = 8;
constexpr int kRegionBytes = kMemoryBytes / kRegions;
constexpr int kLocks = kRegions + 2;
constexpr int kLockBytes = 40;  // as a mutex; locks and raw objects lie behind the memory
constexpr int kObjects = 6;
constexpr int kArenaBytes = kMemoryBytes + kLocks * kLockBytes + kObjects * 8;

constexpr int lockOffset(int lock) { return kMemoryBytes + lock * kLockBytes; }
constexpr int objectOffset(int object) { return kMemoryBytes + kLocks * kLockBytes + object * 8; }

struct Event {
  What what;
  int thread;
  int offset = 0;  // of memory, lock or object
  int bytes = 0;
  int order = kSeqCst;
  int failure_order = kRelaxed;
  int other_thread = -1;  // created or joined
};

inline std::ostream& operator<<(std::ostream& out, const Event& event) {
  static const char* const kNames[] = {"read",
                                       "write",
                                       "atomic load",
                                       "atomic store",
                                       "atomic update",
                                       "failed compare-exchange",
                                       "compare-exchange",
                                       "fence",
                                       "lock",
                                       "unlock",
                                       "lock shared",
                                       "acquire",
                                       "release",
                                       "release store",
                                       "acquire release",
                                       "create",
                                       "join",
                                       "reset",
                                       "free"};
  out << "T" << event.thread << " " << kNames[static_cast<int>(event.what)];
  if (event.other_thread >= 0) return out << " T" << event.other_thread;
  out << " at " << event.offset;
  if (event.bytes != 0) out << " size " << event.bytes;
  return out << " order " << event.order << "/" << event.failure_order;
}

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {
    thread_limit_ = 2 + below(7);
    stray_percent_ = below(3) == 0 ? 20 : 2;
    byte_percent_ = below(3) * 50;
    long_percent_ = below(6) == 0 ? 30 : 0;
    atomic_percent_ = below(3) * 15;
    live_.push_back({0, {}});
  }

  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }

  Event next() {
    ThreadState& thread = live_[static_cast<std::size_t>(below(static_cast<int>(live_.size())))];
    const int kind = below(100);
    if (kind < 50) return access(thread);
    if (kind < 50 + atomic_percent_) return atomic(thread);
    if (kind < 82) return lockOrUnlock(thread);
    if (kind < 90) return raw(thread);
    if (kind < 94) return createOrJoin(thread);
    if (kind < 96) return fence(thread);
    if (kind < 98) return renew(thread);
    return access(thread);
  }

  /// Ends every thread but the first: unlocks and joins, one event at a time, until nothing is
  /// left.
  bool windUp(Event& event) {
    for (ThreadState& thread : live_)
      if (!thread.held.empty()) {
        event = unlock(thread);
        return true;
      }
    if (live_.size() == 1) return false;
    event = {What::Join, 0};
    event.other_thread = live_.back().id;
    live_.pop_back();
    return true;
  }

 private:
  struct ThreadState {
    int id;
    std::set<int> held;
  };

  Event access(ThreadState& thread) {
    Event event{chance(50) ? What::Read : What::Write, thread.id};
    int region = below(kRegions);
    if (!thread.held.empty() && !chance(stray_percent_)) {
      auto lock = thread.held.begin();
      std::advance(lock, below(static_cast<int>(thread.held.size())));
      if (*lock < kRegions) {
        region = *lock;
        // Under a read lock one reads.
        if (readers_[region].count(thread.id) != 0 && !chance(stray_percent_))
          event.what = What::Read;
      }
    } else if (!chance(stray_percent_)) {
      event.what = What::Read;
    }
    if (chance(byte_percent_)) {
      event.bytes = chance(90) ? 1 << below(4) : 1 + below(64);
      event.offset = region * kRegionBytes + below(kRegionBytes - event.bytes + 1);
      if (chance(50) && event.bytes <= 8) event.offset -= event.offset % event.bytes;
    } else {
      event.bytes = 4 << (chance(80) ? below(2) : below(5));
      event.offset = region * kRegionBytes;
      event.offset += below((kRegionBytes - event.bytes) / 4 + 1) * 4;
    }
    if (chance(1)) {  // across regions and lines
      event.bytes = 1 + below(64);
      event.offset = below(kMemoryBytes - event.bytes + 1);
    }
    if (chance(long_percent_)) {  // most of the memory
      event.bytes = kMemoryBytes - (chance(50) ? 0 : 4 * below(kMemoryBytes / 16));
      event.offset = chance(50) ? 0 : kMemoryBytes - event.bytes;
    }
    return event;
  }

  Event atomic(ThreadState& thread) {
    static constexpr What kWhat[] = {What::AtomicLoad,   What::AtomicLoad,   What::AtomicStore,
                                     What::AtomicUpdate, What::CompareFails, What::CompareSucceeds};
    static constexpr Order kLoads[] = {kRelaxed, kConsume, kAcquire, kSeqCst};
    static constexpr Order kStores[] = {kRelaxed, kRelease, kSeqCst};
    Event event{kWhat[below(6)], thread.id};
    event.bytes = 1 << below(5);
    // Few addresses, so that threads meet; a few of them are also accessed plainly.
    event.offset = below(6) * 64 + (chance(70) ? 0 : below(32 / event.bytes) * event.bytes);
    if (event.what == What::AtomicLoad)
      event.order = kLoads[below(4)];
    else if (event.what == What::AtomicStore)
      event.order = kStores[below(3)];
    else
      event.order = below(6);
    event.failure_order = kLoads[below(4)];
    return event;
  }

  Event fence(ThreadState& thread) {
    static constexpr Order kFences[] = {kAcquire, kRelease, kAcqRel, kSeqCst};
    Event event{What::Fence, thread.id};
    event.order = kFences[below(4)];
    return event;
  }

  Event lockOrUnlock(ThreadState& thread) {
    if (!thread.held.empty() && chance(60)) return unlock(thread);
    const int lock = below(kLocks);
    const bool shared = lock % 2 == 1 && chance(60);
    const bool free = owner_[lock] < 0 && (shared || readers_[lock].empty());
    if (!free || thread.held.count(lock) != 0) return access(thread);
    thread.held.insert(lock);
    if (shared)
      readers_[lock].insert(thread.id);
    else
      owner_[lock] = thread.id;
    return {shared ? What::LockShared : What::Lock, thread.id, lockOffset(lock)};
  }

  Event unlock(ThreadState& thread) {
    auto held = thread.held.begin();
    std::advance(held, below(static_cast<int>(thread.held.size())));
    const int lock = *held;
    thread.held.erase(held);
    if (owner_[lock] == thread.id) owner_[lock] = -1;
    readers_[lock].erase(thread.id);
    return {What::Unlock, thread.id, lockOffset(lock)};
  }

  Event raw(ThreadState& thread) {
    static constexpr What kWhat[] = {What::Acquire, What::Release, What::ReleaseStore,
                                     What::AcquireRelease};
    return {kWhat[below(4)], thread.id, objectOffset(below(kObjects))};
  }

  Event createOrJoin(ThreadState& thread) {
    if (static_cast<int>(live_.size()) < thread_limit_ && chance(60)) {
      Event event{What::Create, thread.id};
      event.other_thread = next_thread_;
      live_.push_back({next_thread_++, {}});
      return event;
    }
    // Any thread may join any other but the first.
    const auto victim = static_cast<std::size_t>(below(static_cast<int>(live_.size())));
    if (victim == 0 || live_[victim].id == thread.id || !live_[victim].held.empty())
      return access(thread);
    Event event{What::Join, thread.id};
    event.other_thread = live_[victim].id;
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(victim));
    return event;
  }

  Event renew(ThreadState& thread) {
    Event event{chance(50) ? What::Reset : What::Free, thread.id};
    event.bytes = 16 * (1 + below(6));
    event.offset = below((kMemoryBytes - event.bytes) / 16 + 1) * 16;
    return event;
  }

  std::mt19937_64 random_;
  int thread_limit_;
  int stray_percent_;
  int byte_percent_;
  int long_percent_;
  int atomic_percent_;
  std::vector<ThreadState> live_;
  int next_thread_ = 1;
  int owner_[kLocks] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  std::set<int> readers_[kLocks];
};

}  // namespace hindsight_model
