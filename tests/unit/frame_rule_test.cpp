// Frames by the unwind tables of this very program.
#include "platform/frame_rule.h"

#include <gtest/gtest.h>

using namespace hindsight;

namespace {

/// The rule at its own caller leads to where the caller's frame ends.
__attribute__((noinline)) uptr endOfCaller(uptr bp) {
  const uptr pc = reinterpret_cast<uptr>(__builtin_return_address(0));
  const uptr sp = reinterpret_cast<uptr>(__builtin_dwarf_cfa());
  FrameRule rule;
  if (!frameRuleAt(pc - 1, rule)) return 0;
  return static_cast<uptr>(rule.cfa_offset) + (rule.cfa_from_bp ? bp : sp);
}

TEST(FrameRule, LeadsToTheCaller) {
  EXPECT_EQ(endOfCaller(reinterpret_cast<uptr>(__builtin_frame_address(0))),
            reinterpret_cast<uptr>(__builtin_dwarf_cfa()));
}

TEST(FrameRule, IsNoneWhereThereIsNoFunction) {
  static const char data[64] = {};
  FrameRule rule;
  EXPECT_FALSE(frameRuleAt(reinterpret_cast<uptr>(data), rule));
  EXPECT_FALSE(frameRuleAt(0, rule));
}

__attribute__((noinline)) FoundFrame frameAround(const void* address) {
  UnwindContext registers;
  HINDSIGHT_CAPTURE(registers);
  FoundFrame found{};
  // The capture is in this very frame; its caller is the first one to come.
  const bool is_there = findOwnFrame(registers, reinterpret_cast<uptr>(__builtin_return_address(0)),
                                     reinterpret_cast<uptr>(address), found);
  return is_there ? found : FoundFrame{};
}

TEST(OwnFrame, IsTheOneAroundTheAddress) {
  int here = 0;
  const FoundFrame found = frameAround(&here);
  EXPECT_EQ(found.cfa, reinterpret_cast<uptr>(__builtin_dwarf_cfa()));
  const int* const elsewhere = new int;
  EXPECT_EQ(frameAround(elsewhere).cfa, 0u);
  delete elsewhere;
}

}  // namespace
