// The options of the environment variable HINDSIGHT: what is accepted, what is refused and how.
#include "base/flags.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "report/options.h"

namespace hindsight {
namespace {

std::string errorOf(const char* text) {
  Flags flags;
  TextWriter error;
  return parseFlagText(text, flags, error) ? "" : error.data();
}

Flags parsed(const char* text) {
  Flags flags;
  TextWriter error;
  EXPECT_TRUE(parseFlagText(text, flags, error)) << error.data();
  return flags;
}

TEST(Flags, DefaultsAreGosExceptForTheWaitAtExit) {
  const Flags flags;
  EXPECT_STREQ(flags.log_path, "stderr");
  EXPECT_EQ(flags.exitcode, 66);
  EXPECT_FALSE(flags.halt_on_error);
  EXPECT_STREQ(flags.strip_path_prefix, "");
  EXPECT_EQ(flags.history_size, 1);
  EXPECT_EQ(flags.atexit_sleep_ms, 0);
  EXPECT_EQ(flags.log_format, LogFormat::Text);
}

TEST(Flags, EmptyTextChangesNothing) {
  EXPECT_EQ(parsed("").exitcode, 66);
  EXPECT_EQ(parsed(" \t\n ").exitcode, 66);
}

TEST(Flags, OptionsAreSeparatedByWhiteSpaceAndTheLastWins) {
  const Flags flags = parsed("  halt_on_error=1\texitcode=3\n exitcode=0 log_format=json ");
  EXPECT_TRUE(flags.halt_on_error);
  EXPECT_EQ(flags.exitcode, 0);
  EXPECT_EQ(flags.log_format, LogFormat::Json);
}

TEST(Flags, QuotesKeepWhiteSpaceAndPlainValuesKeepColonsAndCommas) {
  EXPECT_STREQ(parsed("log_path='/a b/c' exitcode=1").log_path, "/a b/c");
  EXPECT_STREQ(parsed("log_path=\"it's\"").log_path, "it's");
  EXPECT_STREQ(parsed("log_path=/a:b,c=d").log_path, "/a:b,c=d");
  EXPECT_STREQ(parsed("strip_path_prefix=").strip_path_prefix, "");
}

TEST(Flags, BoolsHaveThreeSpellings) {
  for (const char* text : {"halt_on_error=1", "halt_on_error=true", "halt_on_error=yes"})
    EXPECT_TRUE(parsed(text).halt_on_error) << text;
  for (const char* text : {"halt_on_error=0", "halt_on_error=false", "halt_on_error=no"})
    EXPECT_FALSE(parsed(text).halt_on_error) << text;
}

TEST(Flags, UnknownOptionIsNamed) {
  EXPECT_EQ(errorOf("exitcode=1 hlt_on_error=1"), "unknown option 'hlt_on_error'");
  EXPECT_EQ(errorOf("=1"), "unknown option ''");
  EXPECT_EQ(errorOf("exitcode"), "option 'exitcode' has no value; expected a number from 0 to 255");
}

TEST(Flags, MalformedValueIsNamedWithWhatWasExpected) {
  EXPECT_EQ(errorOf("halt_on_error=2"), "option 'halt_on_error' cannot be '2'; expected 0 or 1");
  EXPECT_EQ(errorOf("log_format=xml"),
            "option 'log_format' cannot be 'xml'; expected text or json");
  EXPECT_EQ(errorOf("color=Auto"),
            "option 'color' cannot be 'Auto'; expected auto, always or never");
  EXPECT_EQ(errorOf("exitcode="),
            "option 'exitcode' cannot be ''; expected a number from 0 to 255");
  EXPECT_EQ(errorOf("log_path='/a b"), "option 'log_path': the quoted value does not end");
  EXPECT_EQ(errorOf("log_path='/a'b"), "option 'log_path': the quoted value does not end");
  EXPECT_NE(errorOf("halt_on_error=1:exitcode=2"), "") << "colons do not separate";
}

TEST(Flags, NumbersOutOfRangeAreRefused) {
  for (const char* text :
       {"exitcode=256", "exitcode=-1", "exitcode=99999999999999999999", "history_size=8",
        "exitcode=1x", "exitcode=-", "history_kept_mib=-2", "exitcode=0x10", "atexit_sleep_ms=3600001"})
    EXPECT_NE(errorOf(text), "") << text;
  EXPECT_EQ(parsed("history_size=7").history_size, 7);
  EXPECT_EQ(parsed("history_kept_mib=-1").history_kept_mib, -1);
  EXPECT_EQ(parsed("exitcode=255").exitcode, 255);
}

TEST(Flags, HelpNamesEveryOptionWithItsValue) {
  TextWriter help, markdown;
  writeFlagHelp(parsed("exitcode=7"), help);
  writeFlagMarkdown(markdown);
  for (const char* name :
       {"log_path", "log_format", "exitcode", "halt_on_error", "strip_path_prefix", "history_size",
        "atexit_sleep_ms", "suppressions", "print_suppressions", "report_duplicates", "color",
        "stamp_chunks", "verbosity"}) {
    EXPECT_NE(std::string(help.data()).find(std::string("\n  ") + name + " ("), std::string::npos);
    EXPECT_NE(std::string(markdown.data()).find(std::string("| `") + name + "` |"),
              std::string::npos);
  }
  EXPECT_NE(std::string(help.data()).find("exitcode (now '7'; a number from 0 to 255)"),
            std::string::npos);
}

TEST(Flags, DocumentationIsWhatTheTableSays) {
  const std::string here = __FILE__;
  std::ifstream page(here.substr(0, here.rfind("tests/unit/")) + "docs/options.md");
  if (!page) GTEST_SKIP() << "the sources are not here";
  std::stringstream text;
  text << page.rdbuf();
  TextWriter markdown;
  writeFlagMarkdown(markdown);
  EXPECT_EQ(text.str(), markdown.data()) << "run a program with HINDSIGHT=help=markdown";
}

TEST(FlagsDeathTest, BadOptionEndsTheProgramWithStatus2) {
  EXPECT_EXIT(parseFlags("nonsense=1"), testing::ExitedWithCode(2),
              "hindsight: HINDSIGHT: unknown option 'nonsense'");
}

TEST(FlagsDeathTest, UnreadableSuppressionsEndTheProgramWithStatus2) {
  EXPECT_EXIT(parseFlags("suppressions=/nowhere/at/all"), testing::ExitedWithCode(2),
              "option 'suppressions': cannot read '/nowhere/at/all'");
}

TEST(FlagsDeathTest, HelpEndsTheProgramWithStatus0) {
  EXPECT_EXIT(parseFlags("help=1"), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace hindsight
