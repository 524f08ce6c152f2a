// steps.h - the alphabet of the soak test: what real threads do, one step after the other.
//
// A script is one interleaving of a few real threads. The order of its steps is kept by a sequencer
// that the detector does not see (player.h), so the happens-before order is known beforehand: each
// step carries the events of the model (model/events.h) that it consists of, for the oracle.
//
// A step with `blocks` lets the next step go before it calls what will block; its thread's next
// step outside a signal handler is a Complete, which comes after the step that unblocks it.
//
// Memory. The oracle has one flat space of offsets. The first kArenaBytes are static memory that
// the threads share; every heap block and every thread's stack buffer has a range of its own behind
// it, which is never used twice. A Place names the block (-1: the arena) and the offset in the flat
// space.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "model/events.h"

namespace soak {

using hindsight_model::Event;
using hindsight_model::What;

constexpr int kMemoryBytes = hindsight_model::kMemoryBytes;
constexpr int kRegions = 8;
constexpr int kRegionBytes = kMemoryBytes / kRegions;
constexpr int kMaxThreads = 40;  // of one script, one after the other
constexpr int kStackBytes = 96;  // of a thread's own buffer
constexpr int kFlatBytes = 16 * 1024;
constexpr int kObjectsBase = 1 << 20;  // offsets of synchronisation objects

enum class LockKind { Normal, Recursive, ErrorCheck, Spin, ReadWrite };
// Locks 0 to 7 guard the regions; those of condition variables are not spinning.
constexpr int kLocks = 10;
constexpr LockKind kLockKinds[kLocks] = {
    LockKind::Normal, LockKind::ReadWrite, LockKind::Recursive,  LockKind::ReadWrite,
    LockKind::Normal, LockKind::Spin,      LockKind::ErrorCheck, LockKind::ReadWrite,
    LockKind::Normal, LockKind::Spin};
constexpr int kConditions = 2;
constexpr int kConditionLocks[kConditions] = {0, 6};
constexpr int kSemaphores = 3;
constexpr int kBarriers = 2;
constexpr int kChannels = 3;
constexpr int kCapacities[kChannels] = {0, 1, 3};
constexpr int kOnces = 4;
constexpr int kRawObjects = 4;
constexpr int kMaxBlocks = 400;  // heap blocks and stack buffers of one script

enum class Op {
  Read,
  Write,
  Increment,
  Copy,
  Mixed,
  AtomicLoad,
  AtomicStore,
  AtomicUpdate,
  CompareFails,
  CompareSucceeds,
  Fence,
  Lock,
  TryLock,
  TryLockFails,
  TimedLock,
  Unlock,
  ReadLock,
  TryReadLock,
  CondWait,
  CondSignal,
  CondBroadcast,
  SemWait,
  SemTryWait,
  SemTryWaitFails,
  SemPost,
  BarrierInit,
  BarrierWait,
  Once,
  Send,
  TrySend,
  TrySendFails,
  Receive,
  TryReceive,
  TryReceiveFails,
  SelectReceive,
  Close,
  RawAcquire,
  RawRelease,
  RawReleaseStore,
  Malloc,
  Free,
  Realloc,
  NewMemory,
  Create,
  CreateDetached,
  Start,
  End,
  Join,
  Detach,
  Kill,
  HandlerBegin,
  HandlerEnd,
  Fork,
  Complete,
};

inline const char* nameOf(Op op) {
  static const char* const kNames[] = {"read",
                                       "write",
                                       "increment",
                                       "copy",
                                       "mixed accesses",
                                       "atomic load",
                                       "atomic store",
                                       "atomic update",
                                       "failed compare-exchange",
                                       "compare-exchange",
                                       "fence",
                                       "lock",
                                       "trylock",
                                       "failed trylock",
                                       "timed lock",
                                       "unlock",
                                       "read lock",
                                       "try read lock",
                                       "wait on condition",
                                       "signal condition",
                                       "broadcast condition",
                                       "wait on semaphore",
                                       "try semaphore",
                                       "failed try of semaphore",
                                       "post semaphore",
                                       "make barrier",
                                       "wait on barrier",
                                       "once",
                                       "send",
                                       "try to send",
                                       "failed try to send",
                                       "receive",
                                       "try to receive",
                                       "failed try to receive",
                                       "select receive",
                                       "close",
                                       "acquire",
                                       "release",
                                       "release store",
                                       "malloc",
                                       "free",
                                       "realloc",
                                       "new memory",
                                       "create",
                                       "create detached",
                                       "start",
                                       "end",
                                       "join",
                                       "detach",
                                       "kill",
                                       "handler begins",
                                       "handler ends",
                                       "fork",
                                       "complete"};
  return kNames[static_cast<int>(op)];
}

struct Place {
  int block = -1;
  int offset = 0;
};

struct Step {
  Op op;
  int thread;
  bool blocks = false;
  int object = 0;   // lock, condition, semaphore, barrier, channel, once
  int variant = 0;  // how: which instructions, which function
  int bytes = 0;
  Place place{}, source{};  // `source` of copies
  int order = hindsight_model::kSeqCst;
  int failure_order = hindsight_model::kRelaxed;
  int other = -1;  // thread created, joined, killed; count of a barrier; new block
  std::vector<Event> events{};

  /// Whether leaving it out leaves a script that can be played.
  bool isPure() const {
    return op <= Op::Fence || (op >= Op::RawAcquire && op <= Op::RawReleaseStore) ||
           op == Op::NewMemory;
  }
};

inline std::ostream& operator<<(std::ostream& out, const Step& step) {
  out << "T" << step.thread << " " << nameOf(step.op);
  if (step.op <= Op::CompareSucceeds || (step.op >= Op::Malloc && step.op <= Op::NewMemory)) {
    out << " at " << step.place.offset;
    if (step.place.block >= 0) out << " (block " << step.place.block << ")";
    out << " size " << step.bytes;
    if (step.op == Op::Copy || step.op == Op::Mixed) out << " from " << step.source.offset;
    if (step.op <= Op::Mixed) out << " variant " << step.variant;
  }
  if (step.op >= Op::AtomicLoad && step.op <= Op::Fence)
    out << " order " << step.order << "/" << step.failure_order;
  if (step.op >= Op::Lock && step.op <= Op::RawReleaseStore) out << " " << step.object;
  if (step.other >= 0) out << " of " << step.other;
  if (step.blocks) out << " (blocks)";
  return out;
}

/// Detached threads that nobody is ordered after use up stamps for good.
extern bool threads_may_be_detached;

struct Script {
  std::uint64_t seed = 0;
  std::vector<Step> steps;
};

/// For each byte (as an offset), the threads.
using Races = std::map<int, std::set<int>>;

/// What must and what may be reported in a step.
struct Verdict {
  Races must, may;
};

/// What the oracle says of each step.
std::vector<Verdict> judge(const Script& script);

/// A random script; the same for the same seed. `in_child`: for a forked child, short and without
/// forks.
Script generate(std::uint64_t seed, bool in_child = false);

}  // namespace soak
