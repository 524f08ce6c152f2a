// line_look_test.cpp - a clock that is acquired without the line's lock is one that a release has left.
//
// Two threads take turns: each acquires the object, then releases it. So after turn n of the first, its
// clock says n of the first and n - 1 of the second; after the second's, n of both. A third thread, which
// knows nothing before each look, acquires at any moment and must find one of these pairs, no older than
// what was released before it looked. Clocks are seldom torn even by a look that trusts all it sees; what
// it has to notice is tested by itself.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/arena.h"
#include "core/line.h"
#include "core/shadow_map.h"
#include "sync/sync.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

namespace hindsight {
namespace {

// The shadow has to be there before the runtime is used; this may start the program again.
__attribute__((constructor)) void mapShadowFirst(int, char** argv, char** environment) {
  mapShadow(argv, environment);
}

/// One that others are made by.
Thread* simulatedThread() {
  static Thread* const thread = simulateThread(nullptr, 0);
  return thread;
}

alignas(64) char line[64];
constexpr auto kLooking = std::chrono::milliseconds(500);
constexpr Epoch kFewTurns = 1000;  // however slow the machine is

class Looking : public ::testing::Test {
 protected:
  void SetUp() override {
    RuntimeScope scope;
    for (Thread*& thread : threads_) thread = simulateThread(simulatedThread(), 0);
    for (int i = 0; i < 2; ++i) base_[i] = threads_[i]->clock.own();
  }
  void TearDown() override {
    RuntimeScope scope;
    forgetSyncObject(object());
    forgetSyncObject(neighbour());
    // As it was made.
    initThreadClock(threads_[2]->clock, threads_[2]->slot, threads_[2]->first_epoch);
    for (Thread* thread : threads_) {
      finishThread(thread);
      joinThread(*simulatedThread(), thread);
    }
  }

  uptr object() const { return reinterpret_cast<uptr>(line) + 8; }
  uptr neighbour() const { return reinterpret_cast<uptr>(line) + 40; }

  /// The turns of both threads, until the looks are over. Each `forget_every`th begins with an object that
  /// nobody has released. One thread of the system plays both, so that there are many.
  void takeTurns(Epoch forget_every) {
    RuntimeScope scope;
    for (Epoch turn = 1; !over_; ++turn) {
      for (int self = 0; self < 2; ++self) {
        Thread& thread = *threads_[self];
        acquire(thread, object());
        if (self == 1 && forget_every != 0 && turn % forget_every == 0) forgetSyncObject(object());
        begun_[self] = turn;
        releaseStore(thread, object());
        done_[self] = turn;
      }
    }
  }

  /// Epochs of a thread's turns, counted from 1; 0 if the clock knows nothing of it.
  Epoch turnsKnown(int of) const {
    const Epoch known = threads_[2]->clock.epochs[threads_[of]->clock.slot];
    return known == 0 ? 0 : known - base_[of] + 1;
  }

  void look(Epoch forget_every) {
    RuntimeScope scope;
    Thread& thread = *threads_[2];
    const auto end = std::chrono::steady_clock::now() + kLooking;
    while (done_[1] < kFewTurns || std::chrono::steady_clock::now() < end) {
      clearThreadClock(thread.clock);
      const Epoch done[] = {done_[0], done_[1]};
      acquire(thread, object());
      const Epoch first = turnsKnown(0), second = turnsKnown(1);
      const bool forgotten = forget_every != 0 && first == 0 && second == 0;
      ASSERT_TRUE(second == first || second + 1 == first || (first == 1 && second == 0))
          << first << ", " << second;
      ASSERT_TRUE(forgotten || (first >= done[0] && second >= done[1]))
          << first << ", " << second << " after " << done[0] << ", " << done[1];
      ASSERT_TRUE(first <= begun_[0] && second <= begun_[1]);
      ++looks_;
    }
  }

  void play(Epoch forget_every) {
    std::thread turns([&] { takeTurns(forget_every); });
    look(forget_every);
    over_ = true;
    turns.join();
    EXPECT_GT(looks_, 0);
  }

  Thread* threads_[3];
  Epoch base_[2];
  std::atomic<bool> over_{false};
  std::atomic<Epoch> begun_[2]{}, done_[2]{};
  long looks_ = 0;
};

TEST_F(Looking, FindsWhatOneReleaseHasLeft) { play(0); }

TEST_F(Looking, FindsItBesideAnotherObjectOfTheLine) {
  {
    RuntimeScope scope;
    release(*simulatedThread(), neighbour());  // takes the record's own place
  }
  play(0);
}

TEST_F(Looking, FindsNothingOfAnObjectThatIsForgotten) { play(16); }

TEST(LineLook, SeesThatTheLineIsHeldAndThatItHasChanged) {
  RuntimeScope scope;
  alignas(64) static char memory[64];
  const uptr address = reinterpret_cast<uptr>(memory);
  EXPECT_FALSE(LineLook(address).isFree()) << "no record";
  {
    LineLock lock(address);
    needSyncObject(lock.needRecord(), address);
  }
  const LineLook before(address);
  ASSERT_TRUE(before.isFree());
  EXPECT_TRUE(before.isUnchanged());
  {
    LineLock lock(address);
    EXPECT_FALSE(LineLook(address).isFree());
    EXPECT_FALSE(before.isUnchanged());
  }
  EXPECT_TRUE(before.isUnchanged()) << "nothing has been done";
  for (auto* change : {release, releaseStore, acquireRelease}) {
    const LineLook look(address);
    change(*simulatedThread(), address);
    EXPECT_FALSE(look.isUnchanged());
  }
  const LineLook last(address);
  forgetSyncObject(address);
  EXPECT_FALSE(last.isUnchanged());
}

}  // namespace
}  // namespace hindsight
