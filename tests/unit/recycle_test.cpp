// recycle_test.cpp - using stamps again changes no verdict.
//
// Several threads of the program live in this OS thread, as in tests/model. Chunks are used up by
// ticking, which is what releases do; the walk over the shadow is the real one.

// entry/ is not part of the library that tests link. First, as it is compiled without a standard
// library around it.
#include "entry/access.cpp"
#include "entry/reset.cpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/shadow_map.h"
#include "report/race_found.h"
#include "sync/sync.h"
#include "threads/recycle.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

namespace hindsight {
namespace {

// The shadow has to be there before the runtime is used; this may start the program again.
__attribute__((constructor)) void mapShadowFirst(int, char** argv, char** environment) {
  mapShadow(argv, environment);
}

constexpr u32 kFewChunks = 64;

/// All threads here read through one image, so that concurrent readers need a record.
Cell* sharedReadCell(uptr address) { return readCell(address, 0); }

struct Found {
  ThreadEpoch with;
  Kind kind;
  u64 bytes;
};
std::vector<Found> found;

class Recycling : public ::testing::Test {
 protected:
  void SetUp() override {
    chunk_limit = kFewChunks;
    found.clear();
    race_found_hook = [](Thread&, const CurrentAccess&, uptr, const RacedEntry& prior) {
      found.push_back({resolve(prior.stamp), prior.kind, prior.bytes});
    };
    RuntimeScope scope;
    resetShadow(address(), sizeof(memory));
    if (main_ == nullptr) main_ = simulateThread(nullptr, 0);
  }
  void TearDown() override {
    chunk_limit = kChunks;
    for (Thread* thread : others_) join(thread, *main_);
  }

  /// A thread that the main thread knows nothing of but its creation, and the other way round.
  Thread& start() {
    RuntimeScope scope;
    others_.push_back(simulateThread(main_, 0));
    return *others_.back();
  }
  void join(Thread* thread, Thread& joiner) {
    RuntimeScope scope;
    finishThread(thread);
    joinThread(joiner, thread);
  }
  void end(Thread& thread) {
    RuntimeScope scope;
    std::erase(others_, &thread);
    thread.detached = true;
    finishThread(&thread);
  }
  void finishAndJoin(Thread& thread, Thread& joiner) {
    std::erase(others_, &thread);
    join(&thread, joiner);
  }

  static uptr address(size_t offset = 0) { return reinterpret_cast<uptr>(memory) + offset; }
  /// Accesses memory[offset...]; returns the races found.
  static std::vector<Found> access(Thread& thread, size_t offset, size_t bytes, bool writes) {
    RuntimeScope scope;
    found.clear();
    checkAccess(thread, address(offset), bytes, writes, {0x1234, thread.history.stack.base + 1});
    return found;
  }
  static size_t races(Thread& thread, size_t offset, size_t bytes, bool writes) {
    return access(thread, offset, bytes, writes).size();
  }
  static void tickOnce(Thread& thread) {
    RuntimeScope scope;
    tick(thread);
  }
  /// Ticks until the thread has left its chunk.
  static void leaveChunk(Thread& thread) {
    for (const u32 chunk = thread.chunk; thread.chunk == chunk;) tickOnce(thread);
  }
  static void recycle() {
    RuntimeScope scope;
    recycleStamps(true);
  }
  /// Releases of `thread` until stamps have been recycled `times` times for want of them.
  static void exhaust(Thread& thread, u32 times = 1) {
    for (const u32 until = recycleCount() + times; recycleCount() < until;) tickOnce(thread);
  }
  static void order(Thread& before, Thread& after) {
    static int object;
    RuntimeScope scope;
    releaseStore(before, reinterpret_cast<uptr>(&object));
    acquire(after, reinterpret_cast<uptr>(&object));
  }
  static Cell cellOf(Cell* (*image)(uptr), size_t offset) { return *image(address(offset)); }
  /// Words of the first line of which entries say more than cells do, as bits.
  static unsigned leftBehind() {
    const LineRecord* record = peekRecord(address());
    return record == nullptr ? 0 : record->left_behind;
  }

  alignas(4096) static inline unsigned char memory[1 << 16];
  static inline Thread* main_ = nullptr;
  std::vector<Thread*> others_;
};

TEST_F(Recycling, KeepsAnAccessThatSomebodyHasNotSeen) {
  Thread& worker = start();
  EXPECT_EQ(races(worker, 0, 4, true), 0u);
  const Epoch epoch = worker.clock.own();
  exhaust(worker, 3);
  EXPECT_GT(freeChunkCount(), kFewChunks / 2);
  const auto raced = access(*main_, 0, 4, false);
  ASSERT_EQ(raced.size(), 1u);
  EXPECT_EQ(raced[0].with.slot, worker.slot);
  EXPECT_EQ(raced[0].with.epoch, epoch);
  EXPECT_EQ(raced[0].kind, Kind::Write);
}

TEST_F(Recycling, ForgetsWhatEverybodyHasSeen) {
  Thread& worker = start();
  races(worker, 0, 4, true);
  races(worker, 4, 4, false);
  leaveChunk(worker);
  order(worker, *main_);
  recycle();
  EXPECT_EQ(cellOf(sharedReadCell, 0), kEmptyCell);
  EXPECT_EQ(cellOf(writeCell, 0), kEmptyCell);
  EXPECT_EQ(cellOf(sharedReadCell, 4), kEmptyCell);
  EXPECT_EQ(races(*main_, 0, 8, true), 0u);
}

TEST_F(Recycling, RemembersForTheOneThatHasNotSeenIt) {
  Thread &writer = start(), &informed = start(), &idle = start();
  races(writer, 0, 4, true);
  leaveChunk(writer);
  order(writer, informed);
  order(writer, *main_);
  recycle();
  exhaust(writer, 2);
  EXPECT_EQ(races(informed, 0, 4, false), 0u);
  EXPECT_EQ(races(idle, 0, 4, false), 1u);
}

TEST_F(Recycling, LeavesCurrentChunksAlone) {
  Thread& worker = start();
  order(worker, *main_);  // a tick: not the chunk's first stamp, which would keep its number
  races(worker, 0, 4, true);
  const Cell before = cellOf(writeCell, 0);
  recycle();
  EXPECT_EQ(cellOf(writeCell, 0), before);
  EXPECT_EQ(before, currentCell(worker));
  leaveChunk(worker);
  recycle();
  EXPECT_NE(cellOf(writeCell, 0), before);
  EXPECT_EQ(maskOf(cellOf(writeCell, 0)), kFullMask);
  EXPECT_EQ(races(*main_, 0, 4, false), 1u);
}

TEST_F(Recycling, KeepsBytesOfPartialAccesses) {
  Thread& worker = start();
  races(worker, 1, 1, true);
  tickOnce(worker);
  races(worker, 9, 2, false);
  exhaust(worker, 2);
  EXPECT_EQ(races(*main_, 0, 1, false), 0u);
  EXPECT_EQ(races(*main_, 2, 2, false), 0u);
  const auto raced = access(*main_, 1, 1, false);
  ASSERT_EQ(raced.size(), 1u);
  EXPECT_EQ(raced[0].bytes, 2u);
  EXPECT_EQ(races(*main_, 8, 1, true), 0u);
  EXPECT_EQ(races(*main_, 10, 1, true), 1u);
}

TEST_F(Recycling, KeepsTheMarkOfAWriteAMark) {
  Thread& worker = start();
  races(worker, 0, 4, true);
  races(worker, 0, 4, false);  // leaves the mark, as reads after the write pass by it
  exhaust(worker);
  EXPECT_EQ(stampOf(cellOf(sharedReadCell, 0)), stampOf(cellOf(writeCell, 0)));
  // Were the mark a read of the worker's, it would be left behind in a record now.
  Thread& reader = start();
  races(reader, 0, 4, false);
  EXPECT_EQ(leftBehind(), 0);
}

TEST_F(Recycling, KeepsEveryConcurrentReader) {
  Thread &a = start(), &b = start(), &c = start();
  races(a, 0, 4, false);
  races(b, 0, 4, false);
  races(c, 2, 2, false);
  EXPECT_EQ(leftBehind(), 1);
  for (Thread* thread : {&a, &b, &c}) leaveChunk(*thread);
  exhaust(a, 2);
  EXPECT_EQ(leftBehind(), 1);
  order(a, *main_);
  order(c, *main_);
  const auto raced = access(*main_, 0, 4, true);
  ASSERT_EQ(raced.size(), 1u);
  EXPECT_EQ(raced[0].with.slot, b.slot);
  EXPECT_EQ(raced[0].kind, Kind::Read);
}

TEST_F(Recycling, EmptiesRecordsThatEverybodyHasSeen) {
  Thread &a = start(), &b = start();
  races(a, 0, 4, false);
  races(b, 0, 4, false);
  races(b, 4, 4, true);
  ASSERT_NE(peekRecord(address()), nullptr);
  Thread* const all[] = {main_, &a, &b};
  leaveChunk(a);
  leaveChunk(b);
  for (Thread* from : all)
    for (Thread* to : all)
      if (from != to) order(*from, *to);
  recycle();
  EXPECT_EQ(cellOf(sharedReadCell, 0), kEmptyCell);
  EXPECT_EQ(cellOf(writeCell, 0), kEmptyCell);
  EXPECT_EQ(peekRecord(address()), nullptr);
  EXPECT_EQ(races(*main_, 0, 8, true), 0u);
}

TEST_F(Recycling, KeepsAtomicAccesses) {
  Thread& worker = start();
  {
    RuntimeScope scope;
    RacedEntries raced;
    LineLock lock(address());
    EXPECT_FALSE(checkAtomic(worker, lock, address(), 4, true, raced));
  }
  exhaust(worker, 2);
  {
    RuntimeScope scope;
    RacedEntries raced;
    LineLock lock(address());
    EXPECT_FALSE(checkAtomic(*main_, lock, address(), 4, false, raced));
  }
  const auto raced = access(*main_, 0, 4, false);
  ASSERT_EQ(raced.size(), 1u);
  EXPECT_EQ(raced[0].kind, Kind::AtomicWrite);
}

TEST_F(Recycling, KeepsThousandsOfEpochsInOrder) {
  // More live epochs than fit in one sparse chunk, in two timelines, through many recyclings.
  Thread &a = start(), &b = start();
  constexpr size_t kWords = sizeof(memory) / 4 / 2;
  std::vector<ThreadEpoch> expected(2 * kWords);
  for (size_t word = 0; word < 2 * kWords; ++word) {
    Thread& thread = word % 3 == 0 ? b : a;
    races(thread, word * 4, 4, true);
    expected[word] = {thread.slot, thread.clock.own()};
    tickOnce(thread);
    if (word % 5000 == 0) recycle();
  }
  exhaust(a, 3);
  exhaust(b, 2);
  for (size_t word = 0; word < 2 * kWords; ++word) {
    const auto raced = access(*main_, word * 4, 4, false);
    ASSERT_EQ(raced.size(), 1u) << word;
    ASSERT_EQ(raced[0].with.slot, expected[word].slot) << word;
    ASSERT_EQ(raced[0].with.epoch, expected[word].epoch) << word;
  }
}

TEST_F(Recycling, AFinishedThreadsAccessesRaceOn) {
  Thread &worker = start(), &idle = start();
  races(worker, 0, 4, true);
  const Epoch epoch = worker.clock.own();
  finishAndJoin(worker, *main_);
  recycle();
  exhaust(*main_, 2);
  EXPECT_EQ(races(*main_, 0, 4, false), 0u);
  const auto raced = access(idle, 0, 4, false);
  ASSERT_EQ(raced.size(), 1u);
  EXPECT_EQ(raced[0].with.epoch, epoch);
}

TEST_F(Recycling, AFinishedThreadsTimelineGoesOnInANewChunk) {
  Thread &worker = start(), &idle = start();
  races(worker, 0, 4, true);
  const Slot slot = worker.slot;
  const Epoch last = worker.clock.own();
  finishAndJoin(worker, *main_);
  recycle();
  Thread& next = start();
  ASSERT_EQ(next.slot, slot);
  EXPECT_EQ(resolve(next.stamp).slot, slot);
  EXPECT_EQ(resolve(next.stamp).epoch, last + 1);
  EXPECT_EQ(next.clock.own(), last + 1);
  races(next, 8, 4, true);
  recycle();
  exhaust(next, 2);
  EXPECT_EQ(races(next, 0, 4, false), 0u);
  EXPECT_EQ(access(idle, 0, 4, false).at(0).with.epoch, last);
  EXPECT_EQ(access(idle, 8, 4, false).at(0).with.epoch, last + 1);
}

TEST_F(Recycling, ATimelineThatNothingIsRecordedOfIsHandedOnToAnyThread) {
  Thread& gone = start();
  const Slot slot = gone.slot;
  const Epoch last = gone.clock.own();
  access(gone, 0, 4, true);
  end(gone);  // and nobody is ordered after that
  recycle();
  Thread& other = start();
  EXPECT_NE(other.slot, slot) << "its write can still race";
  EXPECT_EQ(access(other, 0, 4, true).size(), 1u);
  recycle();
  Thread& next = start();
  EXPECT_EQ(next.slot, slot);
  EXPECT_GT(next.clock.own(), last);
  EXPECT_EQ(access(next, 0, 4, true).size(), 1u) << "with the other one";
}

TEST_F(Recycling, ACreatedThreadThatHasNotStartedKnowsOnlyItsCreation) {
  Thread& worker = start();
  Thread* created;
  {
    RuntimeScope scope;
    created = createThread(main_, 0);
  }
  races(worker, 0, 4, true);
  leaveChunk(worker);
  order(worker, *main_);
  recycle();
  created->state = ThreadState::Running;
  initShadowStack(created->history.stack, 1 << 20);
  others_.push_back(created);
  EXPECT_EQ(races(*created, 0, 4, false), 1u);
}

TEST_F(Recycling, FindsRacesBetweenAndAfterMany) {
  Thread &a = start(), &b = start();
  for (u32 round = 0; round < 20; ++round) {
    const size_t offset = round * 128;
    EXPECT_EQ(races(a, offset, 8, true), 0u);
    exhaust(round % 2 == 0 ? a : b);
    EXPECT_EQ(races(b, offset + 4, 8, false), 1u) << round;
    EXPECT_EQ(races(b, offset + 64, 4, true), 0u);
    order(b, a);
    EXPECT_EQ(races(a, offset + 64, 4, true), 0u) << round;
  }
}

TEST_F(Recycling, ATimelineThatRunsOutOfEpochsIsExchanged) {
  Thread& worker = start();
  // As if it had ticked four thousand million times.
  const u32 index = static_cast<u32>(worker.stamp) & (kEpochsPerChunk - 1);
  worker.clock.epochs[worker.slot] = ~0u - 5 * kEpochsPerChunk;
  chunks[worker.chunk].base = worker.clock.own() - index;
  races(worker, 0, 4, true);
  const Slot slot = worker.slot;
  const Epoch epoch = worker.clock.own();
  while (worker.slot == slot) tickOnce(worker);
  races(worker, 4, 4, true);
  EXPECT_EQ(worker.clock.own(), 1u);
  EXPECT_EQ(races(worker, 0, 4, false), 0u);
  recycle();
  EXPECT_EQ(access(*main_, 0, 4, true).at(0).with.epoch, epoch);
  EXPECT_EQ(access(*main_, 4, 4, true).at(0).with.slot, worker.slot);
  order(worker, *main_);
  EXPECT_EQ(races(*main_, 0, 8, true), 0u);
  EXPECT_EQ(threadOf({slot, epoch}), nullptr);
  EXPECT_EQ(threadOf({worker.slot, 1}), &worker);
}

using RecyclingDeathTest = Recycling;

TEST_F(RecyclingDeathTest, SaysWhenNothingIsLeftToRecycle) {
  Thread& worker = start();
  chunk_limit = 8;
  EXPECT_DEATH(
      {
        // Every epoch stays in the shadow, and the main thread has seen none of them.
        auto* big = new unsigned char[4 * 16 * kEpochsPerChunk];
        for (size_t word = 0; word < 16 * kEpochsPerChunk; ++word) {
          RuntimeScope scope;
          checkAccess(worker, reinterpret_cast<uptr>(big + 4 * word), 4, true,
                      {0x1234, worker.history.stack.base + 1});
          tick(worker);
        }
      },
      "stamp_chunks");
}

}  // namespace
}  // namespace hindsight
