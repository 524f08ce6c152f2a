// Spellings, fingerprints, folding and the ways of a report out of the process.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "base/flags.h"
#include "fake_symbols.h"
#include "report/demangle.h"
#include "report/fingerprint.h"
#include "report/format.h"
#include "report/json_writer.h"
#include "report/options.h"
#include "report/output.h"
#include "report/race_report.h"
#include "report/race_set.h"
#include "report/stack.h"

namespace hindsight {
namespace {

using fake::example;
using fake::kSymbols;

ReportContext context(const char* strip = "") {
  return {kSymbols, strip, 0x0123456789abcdef, "", false, 42};
}

std::string text(const RaceReport& race, const char* strip = "") {
  TextWriter out;
  writeRaceText(race, context(strip), out);
  return out.data();
}

std::string json(const RaceReport& race) {
  TextWriter out;
  writeRaceJson(race, context(), out);
  return out.data();
}

ReportContext withVariable(const VariableView& variable) {
  ReportContext with_variable = context();
  with_variable.variable = &variable;
  return with_variable;
}

std::string text(const RaceReport& race, const VariableView& variable) {
  TextWriter out;
  writeRaceText(race, withVariable(variable), out);
  return out.data();
}

std::string json(const RaceReport& race, const VariableView& variable) {
  TextWriter out;
  writeRaceJson(race, withVariable(variable), out);
  return out.data();
}

// --- Text ------------------------------------------------------------------------------------

TEST(TextReport, HasGosLayout) {
  EXPECT_EQ(text(example()),
            "==================\n"
            "WARNING: DATA RACE\n"
            "Write at 0x7b0400000010 by thread 2 'worker':\n"
            "  counter::add(int)\n"
            "      /src/lib/counter.cpp:9 +0x38\n"
            "\n"
            "Previous read at 0x7b0400000010 by main thread:\n"
            "  main()\n"
            "      /src/main.cpp:14 +0x88\n"
            "\n"
            "Thread 2 'worker' (running) created at:\n"
            "  main()\n"
            "      /src/main.cpp:13 +0x7a\n"
            "\n"
            "Write of 4 bytes, previous read of 4 bytes.\n"
            "Fingerprint: 0123456789abcdef\n"
            "==================\n");
}

TEST(TextReport, ShowsNoLineZero) {
  RaceReport race = example();
  race.current.stack = fake::stack(fake::kNoLineStack);
  EXPECT_NE(text(race, "").find("  made()\n      /src/made.cpp +0x9\n"), std::string::npos);
}

TEST(TextReport, NamesLibrariesThatAreNotInstrumentedOnce) {
  RaceReport race = example();
  EXPECT_EQ(text(race, "").find("Not instrumented"), std::string::npos);
  race.current.stack = race.previous.stack = fake::stack(fake::kForeignStack);
  const std::string report = text(race, "");
  const size_t first =
      report.find("Not instrumented: /lib/libplain.so; its own accesses and atomics are not seen.\n");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(report.find("Not instrumented", first + 1), std::string::npos);
}

TEST(TextReport, TellsLocationLocksSizesAndInlinedFrames) {
  static const HeldLockView kLocks[] = {{0x7ffe10, false, fake::stack(fake::kMainStack)},
                                        {0x7ffe40, true, fake::kLost}};
  RaceReport race = example();
  race.current.kind = AccessKind::AtomicWrite;
  race.current.stack = fake::stack(fake::kInlinedStack);
  race.current.thread = {3, "", true, 2, fake::stack(fake::kUnknownStack)};
  race.previous.kind = AccessKind::Write;
  race.previous.size = 1;
  race.previous.is_volatile = true;
  race.previous.stack = fake::kLost;
  race.previous.locks = kLocks;
  race.previous.lock_count = 2;
  race.location = {LocationKind::Heap,
                   0x7b0400000000,
                   24,
                   fake::kMainThread,
                   fake::stack(fake::kMainStack),
                   false};
  EXPECT_EQ(text(race, "/src"),
            "==================\n"
            "WARNING: DATA RACE\n"
            "Atomic write at 0x7b0400000010 by thread 3:\n"
            "  std::atomic<int>::load(std::memory_order) const\n"
            "      /usr/include/c++/12/atomic:30 +0x4\n"
            "  worker(void*)\n"
            "      main.cpp:6 +0x4\n"
            "\n"
            "Previous write at 0x7b0400000010 by main thread:\n"
            "  [failed to restore the stack: HINDSIGHT=history_effort=100 or history_kept_mib=n keeps more]\n"
            "\n"
            "Thread 3 (finished) created at:\n"
            "  helper()\n"
            "      /lib/libhelp.so+0x50 +0x5\n"
            "  ??\n"
            "      0x60 +0x0\n"
            "\n"
            "Heap block of 24 bytes at 0x7b0400000000 allocated by main thread:\n"
            "  main()\n"
            "      main.cpp:14 +0x88\n"
            "\n"
            "Lock held by main thread: mutex 0x7ffe10, taken at:\n"
            "  main()\n"
            "      main.cpp:14 +0x88\n"
            "\n"
            "Lock held by main thread: read lock 0x7ffe40, taken at:\n"
            "  [failed to restore the stack: HINDSIGHT=history_effort=100 or history_kept_mib=n keeps more]\n"
            "\n"
            "Atomic write of 4 bytes, previous volatile write of 1 byte; 16 bytes into the block.\n"
            "Fingerprint: 0123456789abcdef\n"
            "==================\n");
}

TEST(TextReport, NamesGlobalsStacksAndThreadLocals) {
  RaceReport race = example();
  race.current.address = 0x6004;
  EXPECT_NE(text(race).find("\nGlobal 'table::sizes' of size 8 at 0x6000 (/bin/prog)\n"),
            std::string::npos);
  race.location = {LocationKind::Stack, 0, 0, fake::kMainThread, fake::kNone, false};
  EXPECT_NE(text(race).find("\nLocation is stack of main thread.\n"), std::string::npos);
  race.location = {LocationKind::ThreadLocal, 0, 0, fake::kWorker, fake::kNone, false};
  EXPECT_NE(text(race).find("\nLocation is thread-local storage of thread 2 'worker'.\n"),
            std::string::npos);
}

TEST(TextReport, NamesTheVariableWithWhereItIsDeclared) {
  RaceReport race = example();
  race.current.address = 0x6004;
  EXPECT_NE(text(race, {"table::sizes[1]", "", "/src/table.cpp", 7})
                .find(" (/bin/prog), variable 'table::sizes[1]' (/src/table.cpp:7)\n"),
            std::string::npos);
  EXPECT_NE(text(race, {"table::sizes[1]", "", "", 0}).find(" (/bin/prog), variable 'table::sizes[1]'\n"),
            std::string::npos);
  race.location = {LocationKind::Stack, 0, 0, fake::kMainThread, fake::kNone, false};
  EXPECT_NE(text(race, {"pair.second", "main()", "/src/main.cpp", 14})
                .find("\nLocation is stack of main thread, variable 'pair.second' of main() (/src/main.cpp:14).\n"),
            std::string::npos);
  race.location = {LocationKind::ThreadLocal, 0, 0, fake::kWorker, fake::kNone, false};
  EXPECT_NE(text(race, {"own", "", "/src/main.cpp", 0})
                .find("\nLocation is thread-local storage of thread 2 'worker', variable 'own' (/src/main.cpp).\n"),
            std::string::npos);
}

TEST(JsonReport, HasTheVariableOfTheLocation) {
  RaceReport race = example();
  race.location = {LocationKind::Stack, 0x1000, 0x2000, fake::kMainThread, fake::kNone, false};
  EXPECT_NE(json(race, {"pair.second", "main()", "/src/main.cpp", 14})
                .find(R"j("location":{"kind":"stack","start":"0x1000","size":8192,"thread":0,)j"
                      R"j("variable":{"path":"pair.second","function":"main()","file":"/src/main.cpp","line":14}})j"),
            std::string::npos);
  EXPECT_NE(json(race, {"own", "", "", 0}).find(R"j("thread":0,"variable":{"path":"own"}})j"), std::string::npos);
}

TEST(TextReport, UnknownThreadHasNoNameAndNoCreation) {
  RaceReport race = example();
  race.previous.thread = {kUnknownThread, nullptr, false, 0, fake::kNone};
  EXPECT_NE(text(race).find("\nPrevious read at 0x7b0400000010 by unknown thread:\n"),
            std::string::npos);
  EXPECT_EQ(text(race).find("Thread 4294967295"), std::string::npos);
  EXPECT_NE(json(race).find("\"thread\":null"), std::string::npos);
  EXPECT_EQ(json(race).find("4294967295"), std::string::npos);
}

TEST(TextReport, ColourAddsNothingButColour) {
  TextWriter plain, coloured;
  ReportContext with_colour = context();
  with_colour.color = true;
  writeRaceText(example(), context(), plain);
  writeRaceText(example(), with_colour, coloured);
  std::string stripped;
  for (const char* c = coloured.data(); *c != 0; ++c) {
    if (*c == '\033')
      while (*c != 'm') ++c;
    else
      stripped += *c;
  }
  EXPECT_EQ(stripped, plain.data());
  EXPECT_NE(coloured.size(), plain.size());
}

TEST(TextReport, LineBreakInAThreadNameDoesNotBreakTheLine) {
  RaceReport race = example();
  race.current.thread.name = "a\nb";
  EXPECT_NE(text(race).find("by thread 2 'a?b':\n"), std::string::npos);
}

// --- JSON ------------------------------------------------------------------------------------

TEST(JsonReport, IsOneLineWithEverything) {
  EXPECT_EQ(
      json(example()),
      R"j({"schema":1,"kind":"data_race","pid":42,"fingerprint":"0123456789abcdef","accesses":[)j"
      R"j({"access":"write","atomic":false,"volatile":false,"address":"0x7b0400000010","size":4,)j"
      R"j("thread":2,"stack_lost":false,"stack":[{"function":"counter::add(int)",)j"
      R"j("file":"/src/lib/counter.cpp","line":9,"inlined":false,"pc":"0x10","function_offset":56,)j"
      R"j("module":"/bin/prog","module_offset":"0x1010"}],"locks":[]},)j"
      R"j({"access":"read","atomic":false,"volatile":false,"address":"0x7b0400000010","size":4,)j"
      R"j("thread":0,"stack_lost":false,"stack":[{"function":"main()","file":"/src/main.cpp",)j"
      R"j("line":14,"inlined":false,"pc":"0x20","function_offset":136,"module":"/bin/prog",)j"
      R"j("module_offset":"0x1020"}],"locks":[]}],"threads":[)j"
      R"j({"id":2,"name":"worker","main":false,"finished":false,"creator":0,"created_at":[)j"
      R"j({"function":"main()","file":"/src/main.cpp","line":13,"inlined":false,"pc":"0x30",)j"
      R"j("function_offset":122,"module":"/bin/prog","module_offset":"0x1030"}]},)j"
      R"j({"id":0,"name":"","main":true,"finished":false}],"location":{"kind":"unknown"}})j"
      "\n");
}

TEST(JsonReport, EscapesQuotesControlsAndWhatIsNotUtf8) {
  TextWriter out;
  JsonWriter(out).string("a\"b\\c\nd\x7f \xc3\xa9 \xff \xed\xa0\x80 \xf0\x9f\x98\x80 \xe2\x82");
  EXPECT_STREQ(out.data(),
               "\"a\\\"b\\\\c\\u000ad\\u007f \xc3\xa9 \\ufffd \\ufffd\\ufffd\\ufffd "
               "\xf0\x9f\x98\x80 \\ufffd\\ufffd\"");
}

TEST(JsonReport, SummaryCounts) {
  TextWriter out;
  writeSummaryJson({2, 1, 3, 4, 42}, out);
  EXPECT_STREQ(out.data(),
               "{\"schema\":1,\"kind\":\"summary\",\"pid\":42,\"races\":2,"
               "\"other_problems\":1,\"duplicates\":3,"
               "\"suppressed\":4}\n");
}

// --- Stacks and fingerprints ------------------------------------------------------------------

TEST(NamedStack, PlumbingGoesButOneFrameStays) {
  const NamedStack thread(fake::stack(fake::kAddStack), kSymbols);
  ASSERT_EQ(thread.count(), 1u);
  EXPECT_STREQ(thread.begin()->source->function, "counter::add(int)");
  static constexpr uptr kOnlyPlumbing[] = {0x80, 0x70};
  EXPECT_EQ(NamedStack(fake::stack(kOnlyPlumbing), kSymbols).count(), 1u);
  EXPECT_TRUE(NamedStack(fake::kNone, kSymbols).empty());
}

TEST(Fingerprint, SidesAreInterchangeable) {
  RaceReport swapped = example();
  std::swap(swapped.current, swapped.previous);
  EXPECT_EQ(raceFingerprint(example(), kSymbols), raceFingerprint(swapped, kSymbols));
  EXPECT_EQ(raceIdentity(example(), kSymbols), raceIdentity(swapped, kSymbols));
}

TEST(Fingerprint, IgnoresThreadsAndAddressesButNotTheVariable) {
  RaceReport other = example();
  other.current.thread.id = 9;
  other.current.thread.name = "";
  other.current.address = other.previous.address = 0x7b0400000800;
  EXPECT_EQ(raceFingerprint(example(), kSymbols), raceFingerprint(other, kSymbols));
  other.current.address = 0x6000;
  EXPECT_NE(raceFingerprint(example(), kSymbols), raceFingerprint(other, kSymbols));
}

TEST(Fingerprint, DependsOnPlaceAndKind) {
  RaceReport other = example();
  other.previous.stack = fake::stack(fake::kInlinedStack);
  EXPECT_NE(raceFingerprint(example(), kSymbols), raceFingerprint(other, kSymbols));
  RaceReport kind = example();
  kind.previous.kind = AccessKind::Write;
  EXPECT_NE(raceFingerprint(example(), kSymbols), raceFingerprint(kind, kSymbols));
  EXPECT_EQ(racePlaceFingerprint(example(), kSymbols), racePlaceFingerprint(kind, kSymbols));
}

TEST(Fingerprint, CountsRecursionOnce) {
  static constexpr uptr kOnce[] = {0x10, 0x20};
  static constexpr uptr kOften[] = {0x10, 0x10, 0x10, 0x20};
  RaceReport once = example(), often = example();
  once.current.stack = fake::stack(kOnce);
  often.current.stack = fake::stack(kOften);
  EXPECT_EQ(raceFingerprint(once, kSymbols), raceFingerprint(often, kSymbols));
}

TEST(Fingerprint, LinesCountFromTheStartOfTheFunction) {
  static constexpr SourceFrame kBefore[] = {{"f()", "/a/x.cpp", 12}};
  static constexpr SourceFrame kAfter[] = {{"f()", "/b/x.cpp", 112}};
  static constexpr SymbolizedPc kPcs[] = {{1, "/m", 1, 5, 10, kBefore, 1},
                                          {2, "/m", 2, 5, 110, kAfter, 1}};
  const SymbolSource symbols = {[](uptr pc) -> const SymbolizedPc& { return kPcs[pc - 1]; },
                                fake::global};
  static constexpr uptr kOne[] = {1}, kTwo[] = {2};
  RaceReport before = example(), after = example();
  before.current.stack = before.previous.stack = fake::stack(kOne);
  after.current.stack = after.previous.stack = fake::stack(kTwo);
  EXPECT_EQ(raceFingerprint(before, symbols), raceFingerprint(after, symbols));
}

TEST(RaceSet, FindsWhatWasAddedWhileGrowing) {
  RaceSet set;
  for (u64 key = 1; key <= 10000; ++key) EXPECT_TRUE(set.add({key * 64, key, nullptr}));
  for (u64 key = 1; key <= 10000; ++key) {
    ASSERT_NE(set.find(key * 64), nullptr);
    EXPECT_EQ(set.find(key * 64)->fingerprint, key);
    EXPECT_FALSE(set.add({key * 64, 0, nullptr}));
  }
  EXPECT_EQ(set.find(63), nullptr);
}

// --- Names -----------------------------------------------------------------------------------

std::string demangled(const char* symbol, bool is_function = true) {
  TextWriter out;
  writeDemangled(symbol, is_function, out);
  return out.data();
}

std::string likeTsan(const char* symbol) {
  TextWriter out;
  writeLikeTsan(symbol, out);
  return out.data();
}

TEST(Demangle, KnowsHowThreadSanitizerSpellsThem) {
  EXPECT_EQ(likeTsan("main"), "main");
  EXPECT_EQ(likeTsan("main.cold"), "main");
  EXPECT_EQ(likeTsan("_ZN7counter3addEi"), "counter::add(int)");
  EXPECT_EQ(likeTsan("_Z3fooIiEvT_"), "void foo<int>(int)");
  EXPECT_EQ(likeTsan("_Z3putSt6vectorIS_IiSaIiEESaIS1_EE"),
            "put(std::vector<std::vector<int, std::allocator<int>>, std::allocator<std::vector<int, std::allocator<int>>>>)");
  EXPECT_EQ(likeTsan("_ZZ4mainENK3$_0clEv"), "main::$_0::operator()() const");
  EXPECT_EQ(likeTsan("_Zsomething"), "_Zsomething");
  const std::string endless = "_Z" + std::string(100000, 'N');
  EXPECT_EQ(likeTsan(endless.c_str()), endless);
}

TEST(Demangle, WritesFunctionsAsPeopleDo) {
  EXPECT_EQ(demangled("main"), "main()");
  EXPECT_EQ(demangled("main.cold"), "main()");
  EXPECT_EQ(demangled("main.counter", false), "main.counter");
  EXPECT_EQ(demangled("main.counter.7", false), "main.counter");
  EXPECT_EQ(demangled("counter.llvm.123", false), "counter");
  EXPECT_EQ(demangled("counter.7", false), "counter");
  EXPECT_EQ(demangled("_ZN7counter3addEi"), "counter::add(int)");
  EXPECT_EQ(demangled("_Z3fooIiEvT_"), "foo<int>(int)") << "no return type";
  EXPECT_EQ(demangled("_ZN7counter3addEi.cold"), "counter::add(int)");
  EXPECT_EQ(demangled("helper.llvm.123"), "helper()");
  EXPECT_EQ(demangled("_ZN5table5sizesE", false), "table::sizes");
  EXPECT_EQ(demangled("stdout@GLIBC_2.2.5", false), "stdout");
  // Libiberty does not know constrained template parameters and some places of ABI tags.
  EXPECT_EQ(demangled("_ZNSt3__110unique_ptrINS_15__thread_structENS_14default_deleteIS1_EEEC2B8ne190107ILb1EvEEPS1_"),
            "std::__1::unique_ptr<std::__1::__thread_struct, std::__1::default_delete<std::__1::__thread_struct>>::"
            "unique_ptr[abi:ne190107]<true, void>(std::__1::__thread_struct*)");
  EXPECT_EQ(demangled("_Zsomething"), "_Zsomething");
  EXPECT_EQ(demangled("_Z3addi.omp_outlined_debug__"), "add(int)");
  EXPECT_EQ(demangled(".omp_outlined..29"), "OpenMP region");
  EXPECT_EQ(demangled(".omp_task_entry..30"), "OpenMP task");
  const std::string endless = "_Z" + std::string(100000, 'N');
  EXPECT_EQ(demangled(endless.c_str()), endless);
}

int g_raced[4];

__attribute__((noinline)) uptr here() {
  uptr pc;
#if defined(__x86_64__)
  asm volatile("lea 1f(%%rip), %0\n1: nop" : "=r"(pc));
#else
  asm volatile("adr %0, 1f\n1: nop" : "=r"(pc));
#endif
  return pc + 1;
}

TEST(Symbolizer, FindsFunctionFileAndOffsetInThisVeryProgram) {
  rememberModules();
  const SymbolizedPc& at = processSymbols().pc(here());
  EXPECT_NE(std::string(at.frames[at.count - 1].function).find("here()"), std::string::npos);
  EXPECT_NE(std::string(at.frames[0].file).find("report_test.cpp"), std::string::npos);
  EXPECT_NE(at.frames[0].line, 0u);
  EXPECT_LT(at.function_offset, 64u);
  EXPECT_EQ(&processSymbols().pc(here()), &at) << "cached";
}

TEST(Symbolizer, FindsGlobalsFromTheirMiddle) {
  rememberModules();
  const SymbolizedGlobal global = processSymbols().global(reinterpret_cast<uptr>(&g_raced[2]));
  ASSERT_NE(global.name, nullptr);
  EXPECT_NE(std::string(global.name).find("g_raced"), std::string::npos);
  EXPECT_EQ(global.start, reinterpret_cast<uptr>(g_raced));
  EXPECT_EQ(global.size, sizeof(g_raced));
}

TEST(Symbolizer, SaysNothingOfAddressesInNoModule) {
  rememberModules();
  const SymbolizedPc& at = processSymbols().pc(0x1000);
  EXPECT_STREQ(at.module, "");
  EXPECT_STREQ(at.frames[0].function, "");
  int local = 0;
  EXPECT_STREQ(processSymbols().global(reinterpret_cast<uptr>(&local)).module, "");
}

// --- The way out, each in a process of its own -------------------------------------------------

/// A race at a pc of this program.
RaceReport realRace(AccessKind kind = AccessKind::Write) {
  static const uptr pcs[] = {here()};
  RaceReport race = example();
  race.current.kind = kind;
  race.current.stack = race.previous.stack = {pcs, 1, false};
  race.current.thread = race.previous.thread = fake::kMainThread;
  return race;
}

std::string readFile(const std::string& path) {
  std::ifstream in(path);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

size_t count(const std::string& text, const std::string& what) {
  size_t found = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

struct Outcome {
  int status;
  pid_t pid;
  std::string err;
};

/// Runs `body` in a child and collects its stderr.
Outcome inChild(const std::function<void()>& body) {
  int pipe_fds[2];
  EXPECT_EQ(pipe(pipe_fds), 0);
  const pid_t pid = fork();
  if (pid == 0) {
    close(pipe_fds[0]);
    dup2(pipe_fds[1], 2);
    close(pipe_fds[1]);
    body();
    _exit(0);
  }
  close(pipe_fds[1]);
  Outcome outcome{0, pid, ""};
  char piece[4096];
  for (ssize_t n; (n = read(pipe_fds[0], piece, sizeof(piece))) > 0;)
    outcome.err.append(piece, static_cast<size_t>(n));
  close(pipe_fds[0]);
  waitpid(pid, &outcome.status, 0);
  return outcome;
}

TEST(PrintRace, PrintsEqualRacesOnce) {
  const Outcome outcome = inChild([] {
    parseFlags("");
    for (int i = 0; i < 5; ++i) printRace(realRace());
    printRace(realRace(AccessKind::Read));  // the same place and address
    if (raceCount() != 1) _exit(1);
    printSummary();
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(count(outcome.err, "WARNING: DATA RACE"), 1u) << outcome.err;
  EXPECT_EQ(count(outcome.err, "==================\nFound 1 data race(s)\n"), 1u) << outcome.err;
}

TEST(PrintRace, PrintsDuplicatesWhenAsked) {
  const Outcome outcome = inChild([] {
    parseFlags("report_duplicates=1");
    for (int i = 0; i < 5; ++i) printRace(realRace());
    printSummary();
  });
  EXPECT_EQ(count(outcome.err, "WARNING: DATA RACE"), 5u);
  EXPECT_EQ(count(outcome.err, "Found 5 data race(s)\n"), 1u);
}

TEST(PrintRace, HaltOnErrorEndsWithTheExitCode) {
  const Outcome outcome = inChild([] {
    parseFlags("halt_on_error=1 exitcode=33");
    if (printRace(realRace())) haltIfAsked();
    printRace(realRace(AccessKind::AtomicWrite));
  });
  EXPECT_TRUE(WIFEXITED(outcome.status));
  EXPECT_EQ(WEXITSTATUS(outcome.status), 33);
  EXPECT_EQ(count(outcome.err, "WARNING: DATA RACE"), 1u);
}

TEST(PrintRace, SuppressedRaceIsCountedButNotPrinted) {
  const std::string file = testing::TempDir() + "hindsight_test.supp";
  std::ofstream(file) << "# mine\nrace:here()\n";
  const Outcome outcome = inChild([&] {
    parseFlags(("print_suppressions=1 suppressions=" + file).c_str());
    for (int i = 0; i < 3; ++i) printRace(realRace());
    if (raceCount() != 0) _exit(1);
    printSummary();
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "Suppressed 3 report(s) by race:here()\n");
  unlink(file.c_str());
}

TEST(PrintRace, BadSuppressionFileIsNamedWithItsLine) {
  const std::string file = testing::TempDir() + "hindsight_bad.supp";
  std::ofstream(file) << "race:a\nnonsense\n";
  const Outcome outcome = inChild([&] { parseFlags(("suppressions=" + file).c_str()); });
  EXPECT_EQ(WEXITSTATUS(outcome.status), 2);
  EXPECT_NE(outcome.err.find(file + ":2: no ':'"), std::string::npos) << outcome.err;
  unlink(file.c_str());
}

TEST(PrintRace, LogFileCarriesTheProcessIdAndIsRelativeToTheFirstDirectory) {
  const std::string directory = testing::TempDir();
  const Outcome outcome = inChild([&] {
    if (chdir(directory.c_str()) != 0) _exit(1);
    parseFlags("log_path=hindsight_log");
    if (chdir("/") != 0) _exit(1);
    for (int fd = 3; fd < 64; ++fd) close(fd);
    printRace(realRace());
    printSummary();
  });
  const std::string path = directory + "hindsight_log." + std::to_string(outcome.pid);
  const std::string log = readFile(path);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(count(log, "WARNING: DATA RACE"), 1u);
  EXPECT_EQ(count(log, "Found 1 data race(s)\n"), 1u);
  unlink(path.c_str());
}

TEST(PrintRace, UnwritableLogFallsBackToStderrAndSaysSoOnce) {
  const Outcome outcome = inChild([] {
    parseFlags("log_path=/proc/nothing/here");
    printRace(realRace());
    printSummary();
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(count(outcome.err, "hindsight: cannot write /proc/nothing/here."), 1u) << outcome.err;
  EXPECT_EQ(count(outcome.err, "reports go to stderr"), 1u);
  EXPECT_EQ(count(outcome.err, "WARNING: DATA RACE"), 1u);
  EXPECT_EQ(count(outcome.err, "Found 1 data race(s)\n"), 1u);
}

TEST(PrintRace, FileSizeLimitDoesNotKillTheProgram) {
  const std::string prefix = testing::TempDir() + "hindsight_small";
  const Outcome outcome = inChild([&] {
    const rlimit limit = {100, 100};
    setrlimit(RLIMIT_FSIZE, &limit);
    parseFlags(("log_path=" + prefix).c_str());
    printRace(realRace());
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_NE(outcome.err.find("file too large"), std::string::npos) << outcome.err;
  EXPECT_EQ(count(outcome.err, "WARNING: DATA RACE"), 1u);
  unlink((prefix + "." + std::to_string(outcome.pid)).c_str());
}

TEST(PrintRace, ClosedPipeAndClosedStderrAreNoTrouble) {
  const Outcome pipe_closed = inChild([] {
    int fds[2];
    if (pipe(fds) != 0) _exit(1);
    close(fds[0]);
    dup2(fds[1], 2);
    parseFlags("");
    printRace(realRace());
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE) == 1) _exit(2);
    printSummary();
  });
  EXPECT_EQ(pipe_closed.status, 0);

  const std::string path = testing::TempDir() + "hindsight_own_file";
  const Outcome stderr_closed = inChild([&] {
    close(2);
    parseFlags("");
    if (open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600) != 2) _exit(1);
    printRace(realRace());
    printSummary();
  });
  EXPECT_EQ(stderr_closed.status, 0);
  EXPECT_EQ(readFile(path), "") << "descriptor 2 is the program's own file";
  unlink(path.c_str());
}

TEST(PrintRace, JsonGoesLineByLine) {
  const Outcome outcome = inChild([] {
    parseFlags("log_format=json");
    printRace(realRace());
    printSummary();
  });
  EXPECT_EQ(count(outcome.err, "\n"), 2u) << outcome.err;
  EXPECT_EQ(outcome.err.find("{\"schema\":1,\"kind\":\"data_race\""), 0u);
  EXPECT_NE(outcome.err.find("\n{\"schema\":1,\"kind\":\"summary\""), std::string::npos);
}

TEST(PrintRace, ForkedChildTellsOfItsOwnRaces) {
  const Outcome outcome = inChild([] {
    parseFlags("");
    printRace(realRace());
    forgetRacesOfParent();
    if (raceCount() != 0) _exit(1);
    printRace(realRace());
    if (raceCount() != 1) _exit(2);
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(count(outcome.err, "WARNING: DATA RACE"), 2u);
}

}  // namespace
}  // namespace hindsight
