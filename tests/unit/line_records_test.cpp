// line_records_test.cpp - records that lines give back are used again, whichever thread gives them
// back.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "core/line.h"
#include "core/shadow_map.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

// The shadow has to be there before the runtime is used; this may start the program again.
__attribute__((constructor)) void mapShadowFirst(int, char** argv, char** environment) {
  mapShadow(argv, environment);
}

constexpr u32 kLines = 100;
alignas(kLineSize) char lines[kLines][kLineSize];
uptr lineAt(u32 i) { return reinterpret_cast<uptr>(lines[i]); }

/// The line gets a record. Returns its number.
u32 makeRecord(u32 i) {
  LineLock lock(lineAt(i));
  return static_cast<u32>(&lock.needRecord() - record_region);
}
void dropRecord(u32 i) {
  LineLock lock(lineAt(i));
  lock.trim();
}

/// The largest number of a record in use, if each line has one for a moment.
u32 largestNumber() {
  u32 largest = 0;
  for (u32 i = 0; i < kLines; ++i) largest = std::max(largest, makeRecord(i));
  for (u32 i = 0; i < kLines; ++i) dropRecord(i);
  return largest;
}

TEST(LineRecords, EachLineHasItsOwn) {
  u32 numbers[kLines];
  for (u32 i = 0; i < kLines; ++i) numbers[i] = makeRecord(i);
  std::sort(numbers, numbers + kLines);
  EXPECT_NE(numbers[0], 0u);
  EXPECT_EQ(std::adjacent_find(numbers, numbers + kLines), numbers + kLines);
  for (u32 i = 0; i < kLines; ++i) {
    dropRecord(i);
    EXPECT_EQ(peekRecord(lineAt(i)), nullptr);
  }
}

TEST(LineRecords, ThreadsThatHaveEndedKeepNone) {
  const u32 before = largestNumber();
  for (int round = 0; round < 500; ++round)
    std::thread([] {
      for (u32 i = 0; i < kLines; ++i) makeRecord(i);
      for (u32 i = 0; i < kLines / 2; ++i) dropRecord(i);
      giveOwnRecords();
      // What comes after the thread's end in the runtime.
      for (u32 i = kLines / 2; i < kLines; ++i) dropRecord(i);
      dropRecord((makeRecord(0), 0));
    }).join();
  EXPECT_LE(largestNumber(), before + kLines);
}

TEST(LineRecords, OneThreadMakesThemAnotherGivesThemBack) {
  const u32 before = largestNumber();
  std::atomic<u32> made{0}, dropped{0};
  constexpr u32 kRounds = 20'000;
  std::thread maker([&] {
    for (u32 i = 0; i < kRounds; ++i) {
      while (i - dropped.load() >= kLines) std::this_thread::yield();
      makeRecord(i % kLines);
      made = i + 1;
    }
    giveOwnRecords();
  });
  for (u32 i = 0; i < kRounds; ++i) {
    while (made.load() <= i) std::this_thread::yield();
    dropRecord(i % kLines);
    dropped = i + 1;
  }
  maker.join();
  EXPECT_LE(largestNumber(), before + 2 * kLines);
}

}  // namespace
}  // namespace hindsight
