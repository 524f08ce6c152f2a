// oracle.h - SEMANTICS as plainly as it can be written: what races, byte by byte.
//
// Vector clocks are maps; time advances with every event of a thread; each byte remembers the last
// access of each thread and kind (an earlier one of the same thread and kind happened before it, so
// whatever the earlier one races with, the later one races with too). Nothing is packed, shared,
// skipped or forgotten.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "model/events.h"

namespace hindsight_model {

using Clock = std::map<int, long>;  // thread -> its time

inline void join(Clock& into, const Clock& other) {
  for (auto [thread, time] : other) into[thread] = std::max(into[thread], time);
}

struct Access {
  bool writes;
  bool atomic;
  bool operator<(const Access& other) const {
    return std::pair(writes, atomic) < std::pair(other.writes, other.atomic);
  }
};

inline bool conflict(Access a, Access b) {
  return (a.writes || b.writes) && !(a.atomic && b.atomic);
}

/// Whatever races with `weak` races with a later `strong` that it happened before, too.
inline bool covers(Access strong, Access weak) {
  return (strong.writes || !weak.writes) && (!strong.atomic || weak.atomic);
}

class Oracle {
 public:
  /// For memory at the offsets [0, memory_bytes).
  explicit Oracle(int memory_bytes = kMemoryBytes) : memory_(static_cast<std::size_t>(memory_bytes)) {
    clocks_[0];
  }

  /// Performs `event`. Returns, for each byte that races, the threads it races with.
  std::map<int, std::set<int>> perform(const Event& event) {
    latest_.clear();
    Clock& clock = clocks_[event.thread];
    ++clock[event.thread];
    switch (event.what) {
      case What::Read:
        return access(event, {false, false});
      case What::Write:
        forgetStores(event);
        return access(event, {true, false});
      case What::AtomicLoad:
        observe(event, event.order);
        return access(event, {false, true});
      case What::CompareFails:
        observe(event, event.failure_order);
        return access(event, {false, true});
      case What::AtomicStore:
        objects_[event.offset] = releases(event.order) ? clock : release_fences_[event.thread];
        return access(event, {true, true});
      case What::AtomicUpdate:
      case What::CompareSucceeds:
        observe(event, event.order);
        join(objects_[event.offset],
             releases(event.order) ? clock : release_fences_[event.thread]);
        return access(event, {true, true});
      case What::Fence:
        if (acquires(event.order)) join(clock, acquire_fences_[event.thread]);
        if (releases(event.order)) release_fences_[event.thread] = clock;
        return {};
      case What::Lock:
        join(clock, objects_[event.offset]);
        join(clock, readers_[event.offset]);
        return {};
      case What::LockShared:
        join(clock, objects_[event.offset]);
        shared_.insert({event.offset, event.thread});
        return {};
      case What::Unlock:
        if (shared_.erase({event.offset, event.thread}) != 0)
          join(readers_[event.offset], clock);
        else
          join(objects_[event.offset], clock);
        return {};
      case What::Acquire:
        join(clock, objects_[event.offset]);
        return {};
      case What::Release:
        join(objects_[event.offset], clock);
        return {};
      case What::ReleaseStore:
        objects_[event.offset] = clock;
        return {};
      case What::AcquireRelease:
        join(clock, objects_[event.offset]);
        objects_[event.offset] = clock;
        return {};
      case What::Create:
        join(clocks_[event.other_thread], clock);
        return {};
      case What::Join:
        join(clock, clocks_[event.other_thread]);
        return {};
      case What::Reset:
        reset(event.offset, event.bytes);
        return {};
      case What::Free: {
        auto races = access(event, {true, false});
        reset(event.offset, event.bytes);
        return races;
      }
    }
    return {};
  }

  /// [offset, offset + bytes) is fresh memory.
  void reset(int offset, int bytes) {
    for (int at = offset; at < offset + bytes; ++at) {
      memory_[static_cast<std::size_t>(at)].clear();
      objects_.erase(at);
    }
  }

  /// Of the races that the last event had, those with accesses that no other racing one replaces: for
  /// each byte, the threads that must be named.
  const std::map<int, std::set<int>>& latest() const { return latest_; }

 private:
  struct Past {
    long time;
    std::shared_ptr<const Clock> clock;  // the thread's, then
  };

  std::map<int, std::set<int>> access(const Event& event, Access kind) {
    std::map<int, std::set<int>> races;
    const Clock& clock = clocks_[event.thread];
    const auto now = std::make_shared<const Clock>(clock);
    for (int at = event.offset; at < event.offset + event.bytes; ++at) {
      auto& byte = memory_[static_cast<std::size_t>(at)];
      std::vector<const std::pair<const std::pair<int, Access>, Past>*> racing;
      for (const auto& each : byte) {
        const auto& [who, past] = each;
        if (!isKnown(clock, who.first, past.time) && conflict(who.second, kind))
          racing.push_back(&each);
      }
      for (const auto* each : racing) {
        const auto& [who, past] = *each;
        races[at].insert(who.first);
        const bool replaced = std::any_of(racing.begin(), racing.end(), [&](const auto* other) {
          return other != each && other->first.first != who.first &&
                 isKnown(*other->second.clock, who.first, past.time) &&
                 covers(other->first.second, who.second);
        });
        if (!replaced) latest_[at].insert(who.first);
      }
      byte[{event.thread, kind}] = {clock.at(event.thread), now};
    }
    return races;
  }

  /// What is read there from now on is no atomic store.
  void forgetStores(const Event& event) {
    for (int at = event.offset; at < event.offset + event.bytes; ++at) objects_.erase(at);
  }

  static bool isKnown(const Clock& clock, int thread, long time) {
    const auto known = clock.find(thread);
    return known != clock.end() && time <= known->second;
  }

  /// Comes before the access: the store that is read synchronises with the operation itself.
  void observe(const Event& event, int order) {
    join(acquires(order) ? clocks_[event.thread] : acquire_fences_[event.thread],
         objects_[event.offset]);
  }

  std::map<int, Clock> clocks_;
  std::map<int, Clock> release_fences_;
  std::map<int, Clock> acquire_fences_;
  std::map<int, Clock> objects_;
  std::map<int, Clock> readers_;  // of read-write locks
  std::set<std::pair<int, int>> shared_;
  std::vector<std::map<std::pair<int, Access>, Past>> memory_;
  std::map<int, std::set<int>> latest_;
};

}  // namespace hindsight_model
