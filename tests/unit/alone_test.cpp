// alone_test.cpp - a thread that is alone leaves no records, and no race is lost by that.
//
// Several threads of the program live in this OS thread, as in tests/model.

// entry/ is not part of the library that tests link. First, as it is compiled without a standard
// library around it.
#include "entry/access.cpp"
#include "entry/reset.cpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/shadow_map.h"
#include "report/race_found.h"
#include "sync/sync.h"
#include "threads/alone.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

namespace hindsight {
namespace {

// The shadow has to be there before the runtime is used; this may start the program again.
__attribute__((constructor)) void mapShadowFirst(int, char** argv, char** environment) {
  mapShadow(argv, environment);
}

size_t race_count = 0;

class Alone : public ::testing::Test {
 protected:
  void SetUp() override {
    race_found_hook = [](Thread&, const CurrentAccess&, uptr, const RacedEntry&) { ++race_count; };
    RuntimeScope scope;
    resetShadow(address(), sizeof(memory));
    if (main_ == nullptr) main_ = simulateThread(nullptr, 0);
  }
  void TearDown() override {
    for (Thread* thread : others_) finishAndJoin(*thread, *main_);
    EXPECT_TRUE(isAlone(*main_));
  }

  Thread& start(Thread& creator) {
    RuntimeScope scope;
    others_.push_back(simulateThread(&creator, 0));
    return *others_.back();
  }
  Thread& start() { return start(*main_); }
  static void finish(Thread& thread) {
    RuntimeScope scope;
    finishThread(&thread);
  }
  static void join(Thread& thread, Thread& joiner) {
    RuntimeScope scope;
    joinThread(joiner, &thread);
  }
  static void finishAndJoin(Thread& thread, Thread& joiner) {
    finish(thread);
    join(thread, joiner);
  }
  /// The thread is joined by the test itself.
  Thread& startUnattended() {
    Thread& thread = start();
    others_.pop_back();
    return thread;
  }
  static uptr address(size_t offset = 0) { return reinterpret_cast<uptr>(memory) + offset; }
  static size_t races(Thread& thread, size_t offset, size_t bytes, bool writes) {
    RuntimeScope scope;
    race_count = 0;
    checkAccess(thread, address(offset), bytes, writes, {0x1234, thread.history.stack.base + 1});
    return race_count;
  }
  static bool isEmpty(size_t offset) {
    return *readCell(address(offset), 0) == kEmptyCell && *writeCell(address(offset)) == kEmptyCell;
  }
  static void drop() {
    RuntimeScope scope;
    dropPast(true);
  }

  alignas(4096) static inline unsigned char memory[1 << 18];
  static inline Thread* main_ = nullptr;
  std::vector<Thread*> others_;
};

TEST_F(Alone, RecordsNothing) {
  EXPECT_TRUE(isAlone(*main_));
  EXPECT_EQ(inlineCell(*main_), 0u);
  EXPECT_EQ(races(*main_, 0, 4, true), 0u);
  EXPECT_TRUE(isEmpty(0));
}

TEST_F(Alone, EndsWithTheFirstThread) {
  races(*main_, 0, 4, true);
  Thread& worker = start();
  EXPECT_FALSE(isAlone(*main_));
  EXPECT_NE(inlineCell(*main_), 0u);
  EXPECT_EQ(races(worker, 0, 4, true), 0u);   // main was there before it began
  EXPECT_EQ(races(*main_, 0, 4, false), 1u);
  EXPECT_EQ(races(*main_, 8, 4, true), 0u);
  EXPECT_EQ(races(worker, 8, 4, false), 1u);
}

TEST_F(Alone, BeginsAgainWithTheLastJoin) {
  Thread &first = startUnattended(), &second = startUnattended();
  EXPECT_EQ(races(first, 0, 4, true), 0u);
  finishAndJoin(first, *main_);
  EXPECT_FALSE(isAlone(*main_));
  EXPECT_EQ(races(second, 4, 4, true), 0u);
  finishAndJoin(second, *main_);
  EXPECT_TRUE(isAlone(*main_));
  EXPECT_EQ(races(*main_, 0, 4, false), 0u);
  EXPECT_TRUE(isEmpty(0) && isEmpty(4)) << "the line is emptied where the thread comes by";
}

TEST_F(Alone, DoesNotBeginBeforeAThreadThatEndedUnseenIsJoined) {
  Thread &seen = startUnattended(), &unseen = startUnattended();
  EXPECT_EQ(races(unseen, 0, 4, true), 0u);
  finish(unseen);
  finishAndJoin(seen, *main_);
  EXPECT_EQ(liveThreads(), 1u);
  EXPECT_FALSE(isAlone(*main_));
  EXPECT_EQ(races(*main_, 0, 4, false), 1u);
  join(unseen, *main_);
  EXPECT_TRUE(isAlone(*main_));
}

TEST_F(Alone, BeginsForWhoeverIsLeft) {
  Thread &middle = startUnattended(), &inner = start(middle);
  others_.pop_back();
  finishAndJoin(inner, middle);
  EXPECT_FALSE(isAlone(middle));  // the main thread lives
  EXPECT_EQ(races(middle, 0, 4, true), 0u);
  EXPECT_EQ(races(*main_, 0, 4, true), 1u);
  finishAndJoin(middle, *main_);
  EXPECT_TRUE(isAlone(*main_));  // it has seen the inner thread's end through the middle one
}

TEST_F(Alone, DropsCellsAndRecordsButNoClock) {
  const uptr object = address(64);
  Thread& worker = startUnattended();
  EXPECT_EQ(races(worker, 0, 1, true), 0u);
  EXPECT_EQ(races(*main_, 1, 1, true), 0u);  // bytes of two threads in one word: a record
  EXPECT_EQ(races(worker, 1 << 17, 4, true), 0u);
  ASSERT_NE(peekRecord(address(0)), nullptr);
  EXPECT_EQ(peekRecord(address(0))->left_behind, 1);
  {
    RuntimeScope scope;
    release(worker, object);
  }
  finishAndJoin(worker, *main_);
  drop();
  EXPECT_TRUE(isEmpty(0) && isEmpty(1 << 17));
  EXPECT_EQ(peekRecord(address(0)), nullptr);
  ASSERT_NE(peekRecord(object), nullptr);
  EXPECT_NE(findSyncObject(peekRecord(object), object), nullptr);

  // What was dropped works again.
  Thread &one = start(), &other = start();
  EXPECT_EQ(races(one, 0, 1, true), 0u);
  EXPECT_EQ(races(other, 1, 1, true), 0u);
  EXPECT_EQ(races(*main_, 0, 4, true), 2u);
}

TEST_F(Alone, KeepsWhatTheProgramHasSwitchedOff) {
  ++main_->ignore_reads_writes;
  finishAndJoin(startUnattended(), *main_);
  Thread& worker = start();
  EXPECT_EQ(races(worker, 0, 4, true), 0u);
  EXPECT_EQ(races(*main_, 0, 4, true), 0u);
  --main_->ignore_reads_writes;
  EXPECT_EQ(races(*main_, 0, 4, true), 1u);
}

}  // namespace
}  // namespace hindsight
