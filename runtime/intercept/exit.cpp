// The end of the process: the summary is printed and the exit status says that there were races.
//
// Who ends the process otherwise (abort, a failed assertion, exec, a signal that it sends to
// itself) prints no summary, and lets the reports that have begun come out.
#include "intercept/exit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/flags.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "platform/syscalls.h"
#include "report/race_report.h"
#include "report/report_turn.h"
#include "report/thread_leak.h"
#include "sync/sync.h"
#include "threads/runtime_scope.h"

extern "C" int __cxa_at_quick_exit(void (*function)(void*), void* library);
extern "C" FILE* _IO_list_all;  // glibc's list of open streams
/// The program may define it: whether the program counts as failed, given what we think.
extern "C" __attribute__((weak)) int __tsan_on_finalize(int failed);

namespace hindsight {
namespace {

constinit bool concluded = false;
constinit int verdict = -1;  // of __tsan_on_finalize; -1: the number of reports decides

/// Prints the summary once. Returns whether the exit status has to change.
bool conclude() {
  if (reportsAreOfAnother()) return false;
  const auto changes_status = [] {
    return (verdict < 0 ? reportCount() != 0 : verdict != 0) && flags().exitcode != 0;
  };
  if (__atomic_exchange_n(&concluded, true, __ATOMIC_ACQ_REL)) return changes_status();
  if (flags().atexit_sleep_ms > 0) {
    const long request[2] = {flags().atexit_sleep_ms / 1000,
                             flags().atexit_sleep_ms % 1000 * 1'000'000l};
    sysNanosleep(request, nullptr);
  }
  const bool may_report = waitForReports();
  {
    RuntimeScope inside;
    if (may_report) reportThreadLeaks();
    printSummary();
  }
  if (__tsan_on_finalize != nullptr) verdict = __tsan_on_finalize(reportCount() != 0) != 0;
  return changes_status();
}

/// What exit() does to streams at the very end: it takes no locks, as a thread that waits for input
/// holds its stream's until the input comes.
void flushStreams() {
  for (FILE* stream = _IO_list_all; stream != nullptr; stream = stream->_chain)
    if (stream->_IO_write_ptr > stream->_IO_write_base || stream->_mode > 0)
      real.fflush_unlocked(stream);
}

void atProgramEnd() {
  if (!conclude()) return;
  // exit() has begun and will not return a status of ours: flush what it would have flushed.
  flushStreams();
  sysExitGroup(flags().exitcode);
}

/// A function to be called at the end, behind one of ours. Registering happens before the call: the
/// C library's list has a lock, and a static object is destroyed by another thread than made it.
struct AtEnd {
  union {
    void (*plain)(void*);
    void (*with_status)(int, void*);
  };
  void* argument;
};

uptr keyOf(const AtEnd* entry) { return reinterpret_cast<uptr>(entry); }

AtEnd* makeAtEnd(InterceptedCall& call, void* argument) {
  auto* entry = arenaNew<AtEnd>();
  entry->argument = argument;
  release(call.thread(), keyOf(entry));
  return entry;
}

/// Takes the entry apart in the thread that will run it.
AtEnd takeAtEnd(void* opaque) {
  auto* entry = static_cast<AtEnd*>(opaque);
  const RuntimeScope scope;
  if (Thread* thread = currentThread()) acquire(*thread, keyOf(entry));
  return *entry;  // kept: a forked child ends, too
}

void runPlain(void* opaque) {
  const AtEnd entry = takeAtEnd(opaque);
  entry.plain(entry.argument);
}

void runWithStatus(int status, void* opaque) {
  const AtEnd entry = takeAtEnd(opaque);
  entry.with_status(status, entry.argument);
}

}  // namespace

void restartExit() {
  concluded = false;
  verdict = -1;
  reportForThisProcess();
}

// Registered first, so called last among the program's own exit handlers.
void initExit() {
  reportForThisProcess();
  real.__cxa_atexit([](void*) { atProgramEnd(); }, nullptr, nullptr);
  __cxa_at_quick_exit(
      [](void*) {
        if (conclude()) sysExitGroup(flags().exitcode);
      },
      nullptr);
}

HINDSIGHT_INTERCEPTOR int __cxa_atexit(void (*function)(void*), void* argument,
                                       void* library) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.__cxa_atexit(function, argument, library);
  AtEnd* entry = makeAtEnd(call, argument);
  entry->plain = function;
  return call.blocking([=] { return real.__cxa_atexit(runPlain, entry, library); });
}

HINDSIGHT_INTERCEPTOR int on_exit(void (*function)(int, void*), void* argument) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.on_exit(function, argument);
  AtEnd* entry = makeAtEnd(call, argument);
  entry->with_status = function;
  return call.blocking([=] { return real.on_exit(runWithStatus, entry); });
}

HINDSIGHT_INTERCEPTOR void _exit(int status) {
  if (conclude()) status = flags().exitcode;
  sysExitGroup(status);
}
HINDSIGHT_ALIAS(_Exit, _exit);

HINDSIGHT_INTERCEPTOR void abort() noexcept {
  waitForReports();
  real.abort();
  __builtin_unreachable();
}

// What `assert` calls. The abort in there is the C library's own.

HINDSIGHT_INTERCEPTOR void __assert_fail(const char* assertion, const char* file, unsigned int line,
                                         const char* function) noexcept {
  waitForReports();
  real.__assert_fail(assertion, file, line, function);
  __builtin_unreachable();
}

HINDSIGHT_INTERCEPTOR void __assert_perror_fail(int error, const char* file, unsigned int line,
                                                const char* function) noexcept {
  waitForReports();
  real.__assert_perror_fail(error, file, line, function);
  __builtin_unreachable();
}

HINDSIGHT_INTERCEPTOR void __assert(const char* assertion, const char* file, int line) noexcept {
  waitForReports();
  real.__assert(assertion, file, line);
  __builtin_unreachable();
}

}  // namespace hindsight
