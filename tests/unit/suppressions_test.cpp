// Suppression files: their format, and what each kind of rule covers.
#include "report/suppressions.h"

#include <gtest/gtest.h>

#include <string>

#include "fake_symbols.h"

namespace hindsight {
namespace {

std::string errorOf(const char* text) {
  Suppressions rules;
  TextWriter error;
  return rules.parse(text, "my.supp", error) ? "" : error.data();
}

bool isSuppressed(const char* text, const RaceReport& race) {
  Suppressions rules;
  TextWriter error;
  EXPECT_TRUE(rules.parse(text, "my.supp", error)) << error.data();
  return rules.match(race, fake::kSymbols) != nullptr;
}

TEST(SuppressionPattern, MatchesAnywhereUnlessAnchored) {
  EXPECT_TRUE(matchesPattern("add", "counter::add(int)"));
  EXPECT_TRUE(matchesPattern("^counter", "counter::add(int)"));
  EXPECT_FALSE(matchesPattern("^add", "counter::add(int)"));
  EXPECT_TRUE(matchesPattern("(int)$", "counter::add(int)"));
  EXPECT_FALSE(matchesPattern("add$", "counter::add(int)"));
  EXPECT_TRUE(matchesPattern("foo$", "foofoo"));
  EXPECT_TRUE(matchesPattern("^main$", "main"));
  EXPECT_FALSE(matchesPattern("^main$", "main()"));
}

TEST(SuppressionPattern, StarStandsForAnyText) {
  EXPECT_TRUE(matchesPattern("c*::a*(", "counter::add(int)"));
  EXPECT_TRUE(matchesPattern("^*add*$", "counter::add(int)"));
  EXPECT_TRUE(matchesPattern("*", "x"));
  EXPECT_TRUE(matchesPattern("aab", "aaab"));
  EXPECT_TRUE(matchesPattern("a*ab$", "aaxab"));
  EXPECT_FALSE(matchesPattern("c*z", "counter::add(int)"));
  EXPECT_FALSE(matchesPattern("*", "")) << "an unknown name is not a name";
}

TEST(SuppressionPattern, BlankBetweenClosingAnglesIsNeitherHereNorThere) {
  for (const char* name : {"put(map<int, set<int> > )", "put(map<int, set<int>> )"}) {
    EXPECT_TRUE(matchesPattern("set<int>>", name)) << name;
    EXPECT_TRUE(matchesPattern("set<int> >", name)) << name;
    EXPECT_TRUE(matchesPattern("^put*> >*)$", name)) << name;
    EXPECT_FALSE(matchesPattern("set<int> > >", name)) << name;
  }
  EXPECT_TRUE(matchesPattern("a<b<c<d> > >$", "a<b<c<d>>>"));
  EXPECT_FALSE(matchesPattern("a <b>", "a<b>"));
}

TEST(Suppressions, FunctionMatchesByThreadSanitizersSpellingToo) {
  static constexpr SourceFrame kPlain = {"flush()", "/src/a.c", 1, "flush"};
  static constexpr SourceFrame kTemplate = {"put<int>(int)", "/src/a.cpp", 1, "void put<int>(int)"};
  static constexpr SymbolizedPc kAt = {0x10, "/bin/prog", 0x1010, 0x38, 5, &kPlain, 1};
  for (const char* pattern : {"^flush$", "^flush()$", "flush"}) EXPECT_TRUE(matchesFrame(pattern, {&kAt, &kPlain})) << pattern;
  for (const char* pattern : {"^void put<int>(", "^put<int>(int)$", "put<int>"})
    EXPECT_TRUE(matchesFrame(pattern, {&kAt, &kTemplate})) << pattern;
  EXPECT_FALSE(matchesFrame("^flus$", {&kAt, &kPlain}));
  EXPECT_FALSE(matchesFrame("^put<int>$", {&kAt, &kTemplate}));
}

TEST(Suppressions, FileMayHaveCommentsBlanksAndWindowsLineEnds) {
  EXPECT_EQ(errorOf("# a comment\n\n  race:foo  \r\nrace_top:a b\ncalled_from_lib:libx.so\n"), "");
  EXPECT_EQ(errorOf("thread:t\nmutex:m\nsignal:s\ndeadlock:d"), "");
  EXPECT_EQ(errorOf(""), "");
}

TEST(Suppressions, BadLineIsNamedWithFileAndNumber) {
  EXPECT_EQ(errorOf("race:a\n\nrase:foo\n"), "my.supp:3: unknown type of suppression: 'rase:foo'");
  EXPECT_EQ(errorOf("race"), "my.supp:1: no ':' after the type: 'race'");
  EXPECT_EQ(errorOf("race: "), "my.supp:1: nothing after the ':': 'race:'");
}

TEST(Suppressions, RaceMatchesFunctionFileAndModuleOfEitherStack) {
  const RaceReport race = fake::example();
  EXPECT_TRUE(isSuppressed("race:counter::add", race));
  EXPECT_TRUE(isSuppressed("race:^main()$", race)) << "the previous access";
  EXPECT_TRUE(isSuppressed("race:src/lib/*.cpp", race));
  EXPECT_TRUE(isSuppressed("race:/bin/prog$", race));
  EXPECT_FALSE(isSuppressed("race:something_else", race));
  EXPECT_FALSE(isSuppressed("thread:counter::add", race));
}

TEST(Suppressions, RaceTopMatchesTheInnermostFunctionOnly) {
  RaceReport race = fake::example();
  static constexpr uptr kNested[] = {0x10, 0x20};
  race.current.stack = race.previous.stack = fake::stack(kNested);
  EXPECT_TRUE(isSuppressed("race_top:counter::add", race));
  EXPECT_FALSE(isSuppressed("race_top:main", race));
  EXPECT_TRUE(isSuppressed("race:main", race));
}

TEST(Suppressions, CalledFromLibMatchesTheModuleOfTheInnermostFunction) {
  RaceReport race = fake::example();
  EXPECT_FALSE(isSuppressed("called_from_lib:libhelp.so", race));
  race.previous.stack = fake::stack(fake::kUnknownStack);
  EXPECT_TRUE(isSuppressed("called_from_lib:libhelp.so", race));
}

TEST(Suppressions, RaceMatchesTheNameOfTheGlobal) {
  RaceReport race = fake::example();
  EXPECT_FALSE(isSuppressed("race:table::sizes", race));
  race.current.address = 0x6004;
  EXPECT_TRUE(isSuppressed("race:table::sizes", race));
}

TEST(Suppressions, LostStackDoesNotHinderTheOtherSide) {
  RaceReport race = fake::example();
  race.previous.stack = fake::kLost;
  EXPECT_TRUE(isSuppressed("race:counter::add", race));
  EXPECT_FALSE(isSuppressed("race:^main", race));
}

}  // namespace
}  // namespace hindsight
