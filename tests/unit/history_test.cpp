// history_test.cpp - the stack of every access that the shadow still knows can be restored, however
// long ago it was.
//
// One thread with the smallest ring does random accesses in random calls under random locks. Then
// every cell and every record entry is asked for its access, and the answer compared with the truth.

// entry/ is not part of the library that tests link. First, as it is compiled without a standard
// library around it.
#include "entry/access.cpp"
#include "entry/reset.cpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include "core/shadow_map.h"
#include "core/wanted_epoch.h"
#include "history/kept_history.h"
#include "platform/resident.h"
#include "report/race_found.h"
#include "sync/sync.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

namespace hindsight {
namespace {

// The shadow has to be there before the runtime is used; this may start the program again.
__attribute__((constructor)) void mapShadowFirst(int, char** argv, char** environment) {
  mapShadow(argv, environment);
}

constexpr uptr kFirstPc = 0x10000000, kFirstFrame = 0x70000000;

alignas(4096) unsigned char memory[1 << 16];
unsigned char mutexes[8][64];

struct Made {  // in the order of their pcs
  uptr address;
  size_t bytes;
  Kind kind;
  Epoch epoch;
  std::vector<uptr> frames;  // innermost first
  std::vector<uptr> locks;
};

class HistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    history_parts = 2;
    kept_history_limit = 1 << 30;
    race_found_hook = [](Thread&, const CurrentAccess&, uptr, const RacedEntry&) {};
    RuntimeScope scope;
    if (main_ == nullptr) main_ = simulateThread(nullptr, 0);
    resetShadow(reinterpret_cast<uptr>(memory), sizeof(memory));
    worker_ = simulateThread(main_, 0);
    top_ = worker_->history.stack.base + 1;
  }
  void TearDown() override {
    RuntimeScope scope;
    finishThread(worker_);
    joinThread(*main_, worker_);
  }

  size_t depth() const { return static_cast<size_t>(top_ - worker_->history.stack.base - 1); }
  void call(uptr pc) { *top_++ = pc; }
  void back() {
    if (top_ > worker_->history.stack.base + 1) --top_;
  }
  void lock(size_t index) {
    RuntimeScope scope;
    lockObtained(*worker_, reinterpret_cast<uptr>(mutexes[index]), LockMode::Exclusive, 0x4444);
  }
  void unlock(size_t index) {
    RuntimeScope scope;
    lockReleasing(*worker_, reinterpret_cast<uptr>(mutexes[index]));
  }
  void nextEpoch() {
    RuntimeScope scope;
    tick(*worker_);
  }

  /// An access at a program counter of its own.
  void access(size_t offset, size_t bytes, Kind kind) {
    Made made{reinterpret_cast<uptr>(memory) + offset, bytes, kind, worker_->clock.own(), {}, {}};
    for (const uptr* entry = top_ - 1; entry > worker_->history.stack.base; --entry)
      made.frames.push_back(*entry & ~kLoggedFrame);
    for (u32 i = 0; i < worker_->history.lock_count; ++i)
      made.locks.push_back(worker_->history.locks[i].address);
    accessAt(made.address, bytes, kind, kFirstPc + made_.size());
    made_.push_back(made);
  }
  void accessAt(uptr address, size_t bytes, Kind kind, uptr pc) {
    RuntimeScope scope;
    const AccessSite site{pc, top_};
    if (!isAtomic(kind)) return checkAccess(*worker_, address, bytes, isWrite(kind), site);
    RacedEntries raced;
    LineLock lock(address);
    checkAtomic(*worker_, lock, address, bytes, isWrite(kind), raced, &site);
    lock.trim();
  }

  /// Everything that the shadow says of the worker.
  template <class Visit>
  void forEachRecorded(Visit visit) {
    RuntimeScope scope;
    const auto begin = reinterpret_cast<uptr>(memory);
    for (uptr line = begin; line < begin + sizeof(memory); line += kLineSize) {
      for (uptr word = line; word < line + kLineSize; word += kWordSize) {
        const Cell write = *writeCell(word), read = *readCell(word, 0);
        const u32 shift = static_cast<u32>(word - line);
        if (maskOf(write) != 0) visit(line, static_cast<u64>(maskOf(write)) << shift, stampOf(write), Kind::Write);
        const bool mark = sameStamp(read, write) && (maskOf(read) & ~maskOf(write)) == 0;
        if (maskOf(read) != 0 && !mark) visit(line, static_cast<u64>(maskOf(read)) << shift, stampOf(read), Kind::Read);
      }
      const LineRecord* record = peekRecord(line);
      for (u32 i = 0; record != nullptr && i < record->count; ++i)
        visit(line, record->entries[i].bytes, record->entries[i].stamp, record->entries[i].kind);
    }
  }

  bool restore(uptr line, u64 bytes, Stamp stamp, Kind kind) {
    const ThreadEpoch event = resolve(stamp);
    return event.slot == worker_->slot &&
           restoreAccess(worker_->history, event.epoch, line, bytes, kind, restored_);
  }

  void expectTruth(uptr line, u64 bytes, Stamp stamp, Kind kind) {
    ASSERT_TRUE(restore(line, bytes, stamp, kind))
        << std::hex << line << " " << bytes << std::dec << " kind " << static_cast<int>(kind);
    const size_t index = restored_.frames[0] - kFirstPc;
    ASSERT_LT(index, made_.size());
    const Made& made = made_[index];
    EXPECT_EQ(made.epoch, resolve(stamp).epoch);
    EXPECT_EQ(made.address, restored_.address);
    EXPECT_EQ(made.bytes, restored_.bytes);
    EXPECT_EQ(made.kind, restored_.kind);
    EXPECT_TRUE(covers(restored_.kind, kind));
    EXPECT_LT(made.address, line + kLineSize);
    EXPECT_GT(made.address + made.bytes, line);
    ASSERT_EQ(made.frames, std::vector<uptr>(restored_.frames + 1, restored_.frames + restored_.frame_count));
    std::vector<uptr> locks;
    for (u32 i = 0; i < restored_.lock_count; ++i) locks.push_back(restored_.locks[i].address);
    EXPECT_EQ(made.locks, locks);
  }

  static inline Thread* main_ = nullptr;
  Thread* worker_ = nullptr;
  uptr* top_ = nullptr;
  std::vector<Made> made_;
  static inline RestoredAccess restored_;
};
using History = HistoryTest;

TEST_F(History, NamesTheAccessThatRacesNotAnAtomicOneBehindIt) {
  const auto line = reinterpret_cast<uptr>(memory);
  access(0, 8, Kind::Read);
  access(0, 8, Kind::AtomicWrite);
  for (const Kind kind : {Kind::Read, Kind::AtomicWrite}) {
    ASSERT_TRUE(
        restoreAccess(worker_->history, worker_->clock.own(), line, 0xff, kind, restored_));
    EXPECT_EQ(restored_.kind, kind);
  }
}

TEST_F(History, LastsAsLongAsTheShadow) {
  const char* wanted = std::getenv("HINDSIGHT_HISTORY_SEED");
  const auto seed = wanted != nullptr ? std::strtoul(wanted, nullptr, 0) : std::random_device()();
  std::mt19937 random(static_cast<unsigned>(seed));
  const auto below = [&](size_t n) { return static_cast<size_t>(random()) % n; };
  SCOPED_TRACE(seed);
  bool held[std::size(mutexes)] = {};
  // Every byte once, then 400,000 accesses to ever fewer of them.
  size_t used = sizeof(memory);
  for (size_t i = 0; i < 400000; ++i) {
    if (i % 50000 == 49999) used /= 2;
    switch (below(16)) {
      case 0: below(30) < depth() ? back() : call(kFirstFrame + below(50)); break;
      case 1: back(); break;
      case 2: {
        const size_t index = below(std::size(mutexes));
        held[index] ? unlock(index) : lock(index);
        held[index] = !held[index];
        break;
      }
      case 3: nextEpoch(); break;
      default: break;
    }
    const size_t bytes = below(40) == 0 ? 1 + below(300) : size_t{1} << below(5);
    size_t offset = below(used - bytes);
    offset -= below(3) == 0 ? 0 : offset % min<size_t>(bytes, 8);
    const bool atomic = below(20) == 0 && bytes <= 8 && offset % kLineSize + bytes <= kLineSize;
    access(offset, bytes, static_cast<Kind>((atomic ? 2 : 0) + below(2)));
  }
  size_t asked = 0;
  forEachRecorded([&](uptr line, u64 bytes, Stamp stamp, Kind kind) {
    if (HasFatalFailure()) return;
    ++asked;
    expectTruth(line, bytes, stamp, kind);
  });
  EXPECT_GT(asked, 10000u);
}

TEST_F(History, IsRestoredWhileItGrows) {
  constexpr size_t kLines = sizeof(memory) / kLineSize, kAccesses = 1000000, kBack = kLines / 2;
  std::atomic<size_t> made = 0;
  static std::atomic<Epoch> epochs[kLines];
  size_t asked = 0, lost = 0;
  std::thread reporter([&] {
    std::mt19937 random;
    RestoredAccess restored;
    for (size_t now; (now = made.load()) != kAccesses;) {
      if (now < kBack) continue;
      const size_t index = now - 1 - random() % kBack;
      const uptr line = reinterpret_cast<uptr>(memory) + index % kLines * kLineSize;
      const bool found = restoreAccess(worker_->history, epochs[index % kLines], line, 0xf, Kind::Write, restored);
      if (made.load() - index >= kLines - 1) continue;  // its place has been written again
      ++asked;
      lost += !found;
    }
  });
  for (size_t i = 0; i < kAccesses; ++i) {
    nextEpoch();
    epochs[i % kLines] = worker_->clock.own();
    accessAt(reinterpret_cast<uptr>(memory) + i % kLines * kLineSize, 4, Kind::Write, kFirstPc);
    made = i + 1;
  }
  reporter.join();
  EXPECT_GT(asked, 100u);
  EXPECT_EQ(lost, 0u) << "of " << asked;
}

TEST_F(History, ReadsTornPartsWithoutHarm) {
  // As a reader may see a part that is being reused: any word in the place of an event's first.
  std::mt19937_64 random(1);
  for (u32 type = 0; type < 16; ++type) {
    access(0, 8, Kind::Write);
    HistoryPart& part = *worker_->history.last;
    for (u32 i = 0; i < part.used; ++i) part.words[i] = random() << kEventTypeBits | type;
    restoreAccess(worker_->history, worker_->clock.own(), reinterpret_cast<uptr>(memory), ~0ull, Kind::Read, restored_);
    EXPECT_LE(restored_.lock_count, kMaxHeldLocks);
    EXPECT_LE(restored_.frame_count, kMaxFrames);
  }
}

TEST_F(History, WaitsForAPartThatIsBeingReused) {
  access(0, 8, Kind::Write);
  HistoryPart& part = *worker_->history.last;
  __atomic_fetch_add(&part.generation, 1, __ATOMIC_SEQ_CST);
  std::thread owner([&] {  // has lost its processor in between
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    __atomic_fetch_add(&part.generation, 1, __ATOMIC_SEQ_CST);
  });
  EXPECT_TRUE(restoreAccess(worker_->history, worker_->clock.own(), reinterpret_cast<uptr>(memory), 0xff, Kind::Write, restored_));
  owner.join();
}

TEST_F(History, KeepsWhatARaceReplacesUntilItIsReported) {
  const auto wrapTheRing = [&] {
    for (size_t i = 0; i < 3 * kPartWords; ++i) {
      nextEpoch();
      access(kLineSize + i * 4 % 4096, 4, Kind::Write);
    }
  };
  for (const bool has_a_record : {false, true}) {
    for (const Kind kind : {Kind::Write, Kind::Read}) {
      nextEpoch();
      const Epoch epoch = worker_->clock.own();
      const auto line = reinterpret_cast<uptr>(memory);
      if (has_a_record) access(0, 4, Kind::AtomicWrite);
      access(0, 8, kind);
      RuntimeScope scope;
      Thread* const other = simulateThread(main_, 0);
      RacedEntries raced;
      updateLine(*other, line, 8, true, raced);
      ASSERT_FALSE(raced.empty());
      // The other thread is interrupted here, and the report may have to wait for others.
      wrapTheRing();
      EXPECT_TRUE(restoreAccess(worker_->history, epoch, line, 0xff, kind, restored_))
          << has_a_record << (kind == Kind::Write ? " write" : " read");
      EXPECT_TRUE(someAreWanted());
      raced.clear();
      EXPECT_FALSE(someAreWanted());
      finishThread(other);
      joinThread(*main_, other);
      resetShadow(line, kLineSize);
    }
  }
}

TEST_F(History, KeepsALoopAsOneRun) {
  call(kFirstFrame);
  const auto begin = reinterpret_cast<uptr>(memory);
  for (uptr at = begin; at < begin + sizeof(memory); at += 16) {
    accessAt(at, 8, Kind::Write, kFirstPc);       // two fields of each element
    accessAt(at + 8, 4, Kind::Write, kFirstPc + 1);
  }
  nextEpoch();
  static unsigned char other[1 << 10];
  for (int i = 0; i < 200000; ++i) {
    if (i % 100 == 0) nextEpoch();
    accessAt(reinterpret_cast<uptr>(other) + i % 100 * 8, 8, Kind::Write, kFirstPc + 2);
  }
  ASSERT_NE(worker_->history.kept, nullptr);
  EXPECT_LE(worker_->history.kept->count, 2u);
  forEachRecorded([&](uptr line, u64 bytes, Stamp stamp, Kind kind) {
    if (HasFatalFailure()) return;
    ASSERT_TRUE(restore(line, bytes, stamp, kind));
    const uptr at = line + static_cast<uptr>(__builtin_ctzll(bytes));
    const bool first = at % 16 < 8;
    EXPECT_EQ(restored_.frames[0], kFirstPc + (first ? 0 : 1));
    EXPECT_EQ(restored_.frames[1], kFirstFrame);
    EXPECT_EQ(restored_.address, first ? at - at % 8 : at);
    EXPECT_EQ(restored_.bytes, first ? 8u : 4u);
  });
}

TEST_F(History, StaysWithinItsLimit) {
  kept_history_limit = keptHistoryBytes() + (256 << 10);
  for (size_t i = 0; i < 300000; ++i) {
    if (i % 3 == 0) nextEpoch();
    access(i * 52 % (sizeof(memory) - 8) & ~size_t{3}, 4, Kind::Write);
  }
  EXPECT_LE(keptHistoryBytes(), kept_history_limit + 2 * kKeptBytes);
  size_t restored = 0, asked = 0;
  forEachRecorded([&](uptr line, u64 bytes, Stamp stamp, Kind kind) {
    ++asked;
    restored += restore(line, bytes, stamp, kind) ? 1 : 0;
  });
  EXPECT_GT(restored, asked / 4);  // the youngest
}

TEST_F(History, ForgetsCallingContextsWithTheAccessesMadeInThem) {
  constexpr u32 kCells = 64;
  for (uptr i = 0; i < 200000; ++i) {
    top_ = worker_->history.stack.base + 1;
    for (uptr level = 0; level < 8; ++level) call(kFirstFrame + (i >> level));
    if (i % 10 == 0) nextEpoch();
    accessAt(reinterpret_cast<uptr>(memory) + i % 1000 % kCells * 4, 4, Kind::Write, kFirstPc + i);
  }
  ASSERT_NE(worker_->history.kept, nullptr);
  EXPECT_LE(worker_->history.kept->contexts.count(), 2 * 4096u + 8 * 1000u);
  EXPECT_LE(keptHistoryBytes(), 1u << 20);
}

TEST_F(History, StaysWithinItsLimitWhereStacksAreDeep) {
  kept_history_limit = keptHistoryBytes() + (512 << 10);
  for (uptr i = 0; i < 100000; ++i) {
    top_ = worker_->history.stack.base + 1;
    for (uptr level = 0; level < 50; ++level) call(kFirstFrame + i);
    if (i % 3 == 0) nextEpoch();
    access(i * 52 % (sizeof(memory) - 8) & ~size_t{3}, 4, Kind::Write);
  }
  EXPECT_LE(keptHistoryBytes(), kept_history_limit + (1 << 20));  // contexts go only now and then
  size_t restored = 0;
  forEachRecorded([&](uptr line, u64 bytes, Stamp stamp, Kind kind) {
    if (HasFatalFailure() || !restore(line, bytes, stamp, kind)) return;
    ++restored;
    expectTruth(line, bytes, stamp, kind);
  });
  EXPECT_GT(restored, 100u);
}

TEST_F(History, TakesNoMoreThanItsPartOfASmallProcess) {
  kept_history_in_proportion = true;
  for (size_t i = 0; i < 1000000; ++i) {
    if (i % 3 == 0) nextEpoch();
    access(i * 52 % (sizeof(memory) - 8) & ~size_t{3}, 4, Kind::Write);
    if (i % 1000 == 0) made_.clear();
  }
  kept_history_in_proportion = false;
  EXPECT_LE(keptHistoryBytes(), max<u64>(1 << 20, residentPages() * kPageSize / 32) + 2 * kKeptBytes);
}

TEST_F(History, KeepsNothingWhereNothingIsWanted) {
  kept_history_limit = 0;
  for (size_t i = 0; i < 100000; ++i) access(i * 4 % sizeof(memory), 4, Kind::Write);
  EXPECT_EQ(worker_->history.kept, nullptr);
}

}  // namespace
}  // namespace hindsight
