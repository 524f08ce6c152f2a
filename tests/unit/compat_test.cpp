// What was written for ThreadSanitizer: its options, and memory whose races are meant.
#include <gtest/gtest.h>

#include <string>

#include "report/benign_races.h"
#include "report/suppressions.h"
#include "report/tsan_options.h"

namespace hindsight {
namespace {

struct Parsed {
  Flags flags;
  std::string passed_over;
};

Parsed parsed(const char* text) {
  Parsed result;
  TextWriter passed_over;
  parseTsanOptions(text, result.flags, passed_over);
  if (passed_over.size() > 0) result.passed_over = passed_over.data();
  return result;
}

TEST(TsanOptions, SharedOnesAreTakenOver) {
  const Parsed result = parsed("halt_on_error=1:exitcode=7,history_size=3 suppressions='a b'\tlog_path=\"x\"");
  EXPECT_TRUE(result.flags.halt_on_error);
  EXPECT_EQ(result.flags.exitcode, 7);
  EXPECT_EQ(result.flags.history_size, 3);
  EXPECT_STREQ(result.flags.suppressions, "a b");
  EXPECT_STREQ(result.flags.log_path, "x");
  EXPECT_EQ(result.passed_over, "");
}

TEST(TsanOptions, OthersAndBadValuesArePassedOver) {
  const Parsed result = parsed(" :report_bugs=0:exitcode=999:halt_on_error=maybe:alone:color=never");
  EXPECT_EQ(result.passed_over, "report_bugs\nexitcode\nhalt_on_error\nalone\n");
  EXPECT_EQ(result.flags.exitcode, 66);
  EXPECT_EQ(result.flags.color, Color::Never);
}

TEST(TsanOptions, NothingMatters) {
  for (const char* text : {"", " ", ":,", "=", "='", "a='b"}) parsed(text);
}

constexpr uptr kLine = 0x7b0000001000;

TEST(BenignRaces, EveryRacedByteMustBeCovered) {
  addBenignRace(kLine + 8, 4);
  EXPECT_TRUE(isBenignRace(kLine, 0xf00));
  EXPECT_TRUE(isBenignRace(kLine, 0x100));
  EXPECT_FALSE(isBenignRace(kLine, 0x1f00));
  EXPECT_FALSE(isBenignRace(kLine, 0x0f0));
  EXPECT_FALSE(isBenignRace(kLine + kLineSize, 0xf00));
  addBenignRace(kLine + 12, 100);  // into the next line
  EXPECT_TRUE(isBenignRace(kLine, 0x1f00));
  EXPECT_TRUE(isBenignRace(kLine + kLineSize, ~0ull >> 16));
  EXPECT_FALSE(isBenignRace(kLine + kLineSize, ~0ull));
  forgetBenignRaces(kLine, 2 * kLineSize);
  EXPECT_EQ(benign_races, 0u);
  EXPECT_FALSE(isBenignRace(kLine, 0xf00));
}

TEST(BenignRaces, WithoutASizeTheAccessThatBeginsThereIsCovered) {
  addBenignRace(kLine + 60, 0);
  EXPECT_TRUE(isBenignRace(kLine, 0xfull << 60));
  EXPECT_FALSE(isBenignRace(kLine, 0xffull << 56));
  forgetBenignRaces(kLine + 60, 1);
  addBenignRace(kLine, 0);
  EXPECT_TRUE(isBenignRace(kLine, 0xff));
  EXPECT_FALSE(isBenignRace(kLine, 0x10f));
  forgetBenignRaces(kLine, 1);
  EXPECT_EQ(benign_races, 0u);
}

}  // namespace
}  // namespace hindsight
