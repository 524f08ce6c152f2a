// The end of the process: the summary is printed and the exit status says that there were races.
#include "intercept/exit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/flags.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "platform/syscalls.h"
#include "report/race_report.h"

extern "C" int __cxa_atexit(void (*function)(void*), void* argument, void* library);
extern "C" int __cxa_at_quick_exit(void (*function)(void*), void* library);
extern "C" FILE* _IO_list_all;  // glibc's list of open streams
/// The program may define it: whether the program counts as failed, given what we think.
extern "C" __attribute__((weak)) int __tsan_on_finalize(int failed);

namespace hindsight {
namespace {

constinit bool concluded = false;
constinit int verdict = -1;  // of __tsan_on_finalize; -1: the number of races decides

/// Prints the summary once. Returns whether the exit status has to change.
bool conclude() {
  const auto changes_status = [] {
    return (verdict < 0 ? raceCount() != 0 : verdict != 0) && flags().exitcode != 0;
  };
  if (__atomic_exchange_n(&concluded, true, __ATOMIC_ACQ_REL)) return changes_status();
  if (flags().atexit_sleep_ms > 0) {
    const long request[2] = {flags().atexit_sleep_ms / 1000,
                             flags().atexit_sleep_ms % 1000 * 1'000'000l};
    sysNanosleep(request, nullptr);
  }
  printSummary();
  if (__tsan_on_finalize != nullptr) verdict = __tsan_on_finalize(raceCount() != 0) != 0;
  return changes_status();
}

/// What exit() does to streams at the very end: it takes no locks, as a thread that waits for input
/// holds its stream's until the input comes.
void flushStreams() {
  for (FILE* stream = _IO_list_all; stream != nullptr; stream = stream->_chain)
    if (stream->_IO_write_ptr > stream->_IO_write_base || stream->_mode > 0) fflush_unlocked(stream);
}

void atProgramEnd() {
  if (!conclude()) return;
  // exit() has begun and will not return a status of ours: flush what it would have flushed.
  flushStreams();
  sysExitGroup(flags().exitcode);
}

}  // namespace

void restartExit() {
  concluded = false;
  verdict = -1;
}

// Registered first, so called last among the program's own exit handlers.
void initExit() {
  __cxa_atexit([](void*) { atProgramEnd(); }, nullptr, nullptr);
  __cxa_at_quick_exit(
      [](void*) {
        if (conclude()) sysExitGroup(flags().exitcode);
      },
      nullptr);
}

HINDSIGHT_INTERCEPTOR void _exit(int status) {
  if (conclude()) status = flags().exitcode;
  sysExitGroup(status);
}
HINDSIGHT_ALIAS(_Exit, _exit);

}  // namespace hindsight
