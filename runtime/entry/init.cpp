// The start of the runtime: before every constructor of the program and its libraries.
//
// Phases: nothing works (shadow unmapped, no thread) -> options read, shadow mapped -> real calls
// found, main thread known -> the program's first constructor.
#include "entry/init.h"

#include "base/address_layout.h"
#include "base/flags.h"
#include "core/shadow_map.h"
#include "core/stamps.h"
#include "heap/heap_hooks.h"
#include "hindsight/abi.h"
#include "history/history.h"
#include "history/kept_history.h"
#include "intercept/descriptor_races.h"
#include "intercept/dynamic_library.h"
#include "intercept/exit.h"
#include "intercept/fork.h"
#include "intercept/ignored_libraries.h"
#include "intercept/malloc.h"
#include "intercept/once.h"
#include "intercept/real_calls.h"
#include "intercept/signals.h"
#include "intercept/thread_life.h"
#include "platform/report_stack.h"
#include "report/lock_report.h"
#include "report/options.h"
#include "report/output.h"
#include "sync/sync.h"
#include "threads/memory_limit.h"
#include "threads/thread.h"
#include "threads/timelines.h"

/// The program may define it: called when everything works and before its first constructor.
extern "C" __attribute__((weak)) void __tsan_on_initialize();

namespace hindsight {
namespace {

const char* findVariable(char** environment, const char* name) {
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const char* entry = *environment;
    const char* want = name;
    while (*want != '\0' && *entry == *want) ++entry, ++want;
    if (*want == '\0' && *entry == '=') return entry + 1;
  }
  return nullptr;
}

/// history_size n keeps 32K * 2^n words of history per thread, as Go's option of that name.
u32 historyPartsFor(int history_size) {
  return ((32u * 1024u << history_size) + kPartWords - 1) / kPartWords;
}

void sayTimelinesShort() {
  constexpr char kText[] =
      "Hindsight: more threads have ended without anybody ordered after them (joining, for "
      "instance), and with "
      "accesses that can still race, than there is room for: races with the oldest of them may be "
      "missed from now on.\n";
  writeStderr(kText, sizeof(kText) - 1);
}

void initialise(int, char** argv, char** environment) {
  static constinit bool done = false;
  if (done) return;
  done = true;
  chooseAddressLayout();
  parseFlags(findVariable(environment, "HINDSIGHT"));
  mapShadow(argv, environment);
  chunk_limit = static_cast<u32>(flags().stamp_chunks);
  history_parts = historyPartsFor(flags().history_size);
  // Who spares no time wants what it finds.
  kept_history_in_proportion = flags().history_kept_mib < 0 && flags().history_effort < 100;
  if (flags().history_kept_mib >= 0)
    kept_history_limit = static_cast<u64>(flags().history_kept_mib) << 20;
  kept_history_effort = static_cast<u32>(flags().history_effort);
  memory_limit = static_cast<u64>(flags().memory_limit_mb) << 20;
  initReportStack();
  resolveRealCalls();
  initIgnoredLibraries();
  initDescriptorRaces();
  initMalloc();
  resolveOperators();
  initExit();
  initFork();
  initSignals();
  initThreadLife();
  initHeapHooks();
  initLockChecks();
  initLockReports();
  timelines_short_hook = sayTimelinesShort;
  startMainThread();
  initOnce();
  initDynamicLibraries();
  if (__tsan_on_initialize != nullptr) __tsan_on_initialize();
}

}  // namespace

// An executable's preinit functions run before its libraries' constructors; a shared runtime is
// initialised first because everything instrumented depends on it.
#if defined(HINDSIGHT_SHARED_RUNTIME)
__attribute__((constructor(101))) static void initialiseShared(int argc, char** argv,
                                                               char** environment) {
  initialise(argc, argv, environment);
}
#else
__attribute__((section(".preinit_array"), used)) static void (*preinit)(int, char**,
                                                                        char**) = initialise;
#endif

extern "C" {
/// Every instrumented object refers to this symbol: another ABI version does not link.
__attribute__((visibility("default"))) char __hindsight_abi_v3 = 0;
/// ThreadSanitizer's module constructors call it.
HINDSIGHT_EXPORT void __tsan_init() { libraryStarts(); }
}

}  // namespace hindsight
