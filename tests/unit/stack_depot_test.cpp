// stack_depot_test.cpp - equal stacks share a number, different ones never do.
#include "history/stack_depot.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace hindsight {
namespace {

/// A shadow stack with the sentinel and these frames, outermost first.
struct Calls {
  explicit Calls(std::vector<uptr> frames) : entries(std::move(frames)) {
    entries.insert(entries.begin(), kLoggedFrame);
    stack = {entries.data(), entries.size() * sizeof(uptr)};
  }
  u32 put(uptr pc) const { return depotPut(pc, stack, entries.data() + entries.size()); }
  std::vector<uptr> entries;
  ShadowStack stack;
};

std::vector<uptr> framesOf(u32 id) {
  u32 count = 0;
  const uptr* frames = depotGet(id, count);
  return {frames, frames + count};
}

TEST(StackDepot, KeepsTheInnermostFramesInOrder) {
  std::vector<uptr> outermost_first;
  for (uptr frame = 1; frame <= 40; ++frame) outermost_first.push_back(frame << 8);
  const Calls calls(outermost_first);
  std::vector<uptr> expected{7};
  for (uptr frame = 40; expected.size() < kDepotFrames; --frame) expected.push_back(frame << 8);
  EXPECT_EQ(framesOf(calls.put(7)), expected);
  EXPECT_EQ(framesOf(Calls({}).put(7)), std::vector<uptr>{7});
}

TEST(StackDepot, WhatHistoryKnowsOfAFrameMakesNoDifference) {
  EXPECT_EQ(Calls({0x1000, 0x2000}).put(1), Calls({0x1000 | kLoggedFrame, 0x2000}).put(1));
}

TEST(StackDepot, AStackPointerFromElsewhereLeavesThePcAlone) {
  const Calls calls({0x1000}), other({0x2000});
  const u32 id = depotPut(9, calls.stack, other.entries.data() + 100'000);
  EXPECT_EQ(framesOf(id), std::vector<uptr>{9});
}

TEST(StackDepot, DifferentStacksHaveDifferentNumbers) {
  std::mt19937_64 random(1);
  std::map<std::vector<uptr>, u32> known;
  for (int i = 0; i < 200'000; ++i) {
    // Few frames, close together: many of these stacks are the same, and most differ by one frame.
    std::vector<uptr> frames(random() % 10);
    for (uptr& frame : frames) frame = 0x555500000000 + random() % 4 * 4;
    const u32 id = Calls(frames).put(0x555500000100);
    const auto [at, added] = known.emplace(frames, id);
    ASSERT_EQ(at->second, id);
    if (added) ASSERT_EQ(framesOf(id).size(), frames.size() + 1);
  }
  std::map<u32, int> uses;
  for (const auto& [frames, id] : known) ASSERT_EQ(++uses[id], 1);
}

}  // namespace
}  // namespace hindsight
