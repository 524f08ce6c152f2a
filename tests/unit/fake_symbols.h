// fake_symbols.h - made-up names for made-up program counters, for tests of the report stage.
//
// Program counter n * 0x10 is in the n-th function of kFakePcs, 1-based.
#pragma once

#include "report/race_report.h"
#include "report/symbolizer.h"

namespace hindsight::fake {

inline constexpr SourceFrame kAdd[] = {{"counter::add(int)", "/src/lib/counter.cpp", 9}};
inline constexpr SourceFrame kMain[] = {{"main()", "/src/main.cpp", 14}};
inline constexpr SourceFrame kCreate[] = {{"main()", "/src/main.cpp", 13}};
inline constexpr SourceFrame kInlined[] = {
    {"std::atomic<int>::load(std::memory_order) const", "/usr/include/c++/12/atomic", 30},
    {"worker(void*)", "/src/main.cpp", 6}};
inline constexpr SourceFrame kNoDebug[] = {{"helper()", "", 0}};
inline constexpr SourceFrame kNothing[] = {{"", "", 0}};
inline constexpr SourceFrame kStartThread[] = {{"start_thread()", "./nptl/pthread_create.c", 442}};
inline constexpr SourceFrame kInvoke[] = {
    {"std::__invoke_impl<void, void (*)()>(std::__invoke_other, void (*&&)())", "/inv.h", 61},
    {"std::thread::_State_impl<X>::_M_run()", "/std_thread.h", 200}};
inline constexpr SourceFrame kThreadConstructor[] = {
    {"std::thread::thread<void (&)(), , void>(void (&)())", "/std_thread.h", 140}};
inline constexpr SourceFrame kStartMain[] = {{"__libc_start_call_main()", "", 0}};

inline constexpr SourceFrame kNoLine[] = {{"made()", "/src/made.cpp", 0}};

inline constexpr SymbolizedPc kFakePcs[] = {
    {0x10, "/bin/prog", 0x1010, 0x38, 5, kAdd, 1},
    {0x20, "/bin/prog", 0x1020, 0x88, 10, kMain, 1},
    {0x30, "/bin/prog", 0x1030, 0x7a, 10, kCreate, 1},
    {0x40, "/bin/prog", 0x1040, 0x4, 5, kInlined, 2},
    {0x50, "/lib/libhelp.so", 0x50, 0x5, 0, kNoDebug, 1},
    {0x60, "", 0, 0, 0, kNothing, 1},
    {0x70, "/lib/libc.so.6", 0x70, 0x2, 0, kStartThread, 1},
    {0x80, "/bin/prog", 0x1080, 0x3, 0, kInvoke, 2},
    {0x90, "/bin/prog", 0x1090, 0x3, 0, kThreadConstructor, 1},
    {0xa0, "/lib/libc.so.6", 0xa0, 0x2, 0, kStartMain, 1},
    {0xb0, "/bin/prog", 0x10b0, 0x9, 5, kNoLine, 1},
    {0xc0, "/lib/libplain.so", 0xc0, 0x5, 0, kNoDebug, 1, true},
};

inline const SymbolizedPc& pc(uptr address) { return kFakePcs[address / 0x10 - 1]; }
inline SymbolizedGlobal global(uptr address) {
  if (address - 0x6000 < 8) return {"table::sizes", "/bin/prog", 0x6000, 8};
  if (address - 0x6000 < 0x100) return {nullptr, "/bin/prog", 0, 0};
  return {nullptr, "", 0, 0};
}
inline constexpr SymbolSource kSymbols{pc, global};

inline constexpr uptr kAddStack[] = {0x10, 0x80, 0x70};
inline constexpr uptr kMainStack[] = {0x20, 0xa0};
inline constexpr uptr kCreateStack[] = {0x90, 0x30, 0xa0};
inline constexpr uptr kInlinedStack[] = {0x40, 0x70};
inline constexpr uptr kNoLineStack[] = {0xb0};
inline constexpr uptr kForeignStack[] = {0xc0, 0x20, 0xc0};
inline constexpr uptr kUnknownStack[] = {0x50, 0x60};

template <size_t kCount>
constexpr StackView stack(const uptr (&pcs)[kCount]) {
  return {pcs, kCount, false};
}
inline constexpr StackView kLost{nullptr, 0, true};
inline constexpr StackView kNone{nullptr, 0, false};

inline constexpr ThreadView kMainThread{0, "", false, 0, kNone};
inline constexpr ThreadView kWorker{2, "worker", false, 0, stack(kCreateStack)};

/// The race of ARCHITECTURE.md: a write in the worker against main's read.
inline RaceReport example() {
  RaceReport race = {};
  race.current = {AccessKind::Write, false, 0x7b0400000010, 4, kWorker, stack(kAddStack),
                  nullptr,           0};
  race.previous = {AccessKind::Read, false, 0x7b0400000010, 4, kMainThread, stack(kMainStack),
                   nullptr,          0};
  race.location = {LocationKind::Unknown, 0, 0, kMainThread, kNone, false};
  return race;
}

}  // namespace hindsight::fake
