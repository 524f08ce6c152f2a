// Libraries that come and go while the program runs. Nothing is ordered by dlopen and dlclose.
//
// dlclose: the addresses of a library that is unloaded start afresh, for the next one that is
// loaded there; its names are kept for stacks of older accesses.
//
// dlopen: a library starts afresh, too. Its addresses may have been another's without our knowing
// of the end of that: the loader, and the C library for the stacks of threads, map and unmap
// without calling mmap and munmap of the program. It may not be intercepted (it finds its caller by
// the return address), and when it returns, constructors have run, and other threads may be at work
// in the library. But each instrumented module calls __tsan_init before its other constructors, and
// all that one dlopen loads is mapped before the first constructor of any. So at such a call all
// instrumented modules are fresh that were not there at the last one. (Of others we see too late
// that they have come.)
#include "intercept/dynamic_library.h"

#include <dlfcn.h>
#include <link.h>

#include "base/arena.h"
#include "base/spin_lock.h"
#include "entry/access.h"
#include "entry/left_frames.h"
#include "intercept/described_library.h"
#include "intercept/ignored_libraries.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "report/modules.h"
#include "report/symbolizer.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

struct LoadedRange {
  uptr begin, end;
  LoadedRange* next;
};

LoadedRange rangeOf(const dl_phdr_info& info) {
  LoadedRange range{~static_cast<uptr>(0), 0, nullptr};
  for (u32 i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    range.begin = min<uptr>(range.begin, info.dlpi_addr + segment.p_vaddr);
    range.end = max<uptr>(range.end, info.dlpi_addr + segment.p_vaddr + segment.p_memsz);
  }
  range.begin = roundDown(range.begin, kPageSize);
  range.end = roundUp(range.end, kPageSize);
  return range;
}

void addRange(LoadedRange*& ranges, const LoadedRange& range) {
  auto* added = arenaNew<LoadedRange>();
  *added = range;
  added->next = ranges;
  ranges = added;
}

LoadedRange* loadedRanges() {
  LoadedRange* ranges = nullptr;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* argument) {
        addRange(*static_cast<LoadedRange**>(argument), rangeOf(*info));
        return 0;
      },
      &ranges);
  return ranges;
}

bool contains(const LoadedRange* ranges, const LoadedRange& wanted) {
  for (; ranges != nullptr; ranges = ranges->next)
    if (ranges->begin == wanted.begin && ranges->end == wanted.end) return true;
  return false;
}

void freeRanges(LoadedRange* ranges) {
  while (ranges != nullptr) {
    LoadedRange* next = ranges->next;
    arenaFree(ranges, sizeof(LoadedRange));
    ranges = next;
  }
}

/// The loader's counts: equal ones mean that nothing has come or gone.
struct LoaderCounts {
  u64 added, removed;
};

constinit SpinLock started_lock;
constinit LoadedRange* started = nullptr;  // instrumented modules whose constructors have begun
constinit LoaderCounts started_counts{};   // 0 before the runtime is up

LoaderCounts loaderCounts() {
  LoaderCounts counts{};
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* argument) {
        *static_cast<LoaderCounts*>(argument) = {info->dlpi_adds, info->dlpi_subs};
        return 1;  // every module carries the same
      },
      &counts);
  return counts;
}

bool isInstrumented(const dl_phdr_info& info) {
  for (u32 i = 0; i < info.dlpi_phnum; ++i)
    if (info.dlpi_phdr[i].p_type == PT_DYNAMIC)
      return startsByRuntime(
          reinterpret_cast<const void*>(info.dlpi_addr + info.dlpi_phdr[i].p_vaddr),
          info.dlpi_addr);
  return false;
}

LoadedRange* instrumentedRanges() {
  LoadedRange* ranges = nullptr;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* argument) {
        if (isInstrumented(*info)) addRange(*static_cast<LoadedRange**>(argument), rangeOf(*info));
        return 0;
      },
      &ranges);
  return ranges;
}

/// A library that comes to these addresses again will be fresh.
void forgetStarted(const LoadedRange& gone) {
  SpinLockGuard guard(started_lock);
  for (LoadedRange** link = &started; *link != nullptr; link = &(*link)->next) {
    LoadedRange* const range = *link;
    if (range->begin != gone.begin || range->end != gone.end) continue;
    *link = range->next;
    arenaFree(range, sizeof(LoadedRange));
    return;
  }
}

}  // namespace

void initDynamicLibraries() {
  started = instrumentedRanges();
  started_counts = loaderCounts();
}

void libraryStarts() {
  const RuntimeScope scope;
  // The caller has the loader's lock, so nothing comes or goes meanwhile.
  const LoaderCounts counts = loaderCounts();
  {
    SpinLockGuard guard(started_lock);
    if (started_counts.added == 0 ||
        (started_counts.added == counts.added && started_counts.removed == counts.removed))
      return;
    started_counts = counts;
  }
  LoadedRange* ranges = instrumentedRanges();
  {
    SpinLockGuard guard(started_lock);
    for (const LoadedRange* range = ranges; range != nullptr; range = range->next)
      if (range->begin < range->end && !contains(started, *range))
        resetShadow(range->begin, range->end - range->begin);
    LoadedRange* const before = started;
    started = ranges;
    ranges = before;
  }
  freeRanges(ranges);
}

HINDSIGHT_INTERCEPTOR int dlclose(void* library) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.dlclose(library);
  rememberModules();
  LoadedRange* const before = loadedRanges();
  const int result = call.blocking([&] { return real.dlclose(library); });
  forgetIgnoredLibraries();
  forgetCallerScopes();
  forgetCatchers();
  LoadedRange* const after = loadedRanges();
  for (const LoadedRange* range = before; range != nullptr; range = range->next)
    if (range->begin < range->end && !contains(after, *range)) {
      resetShadow(range->begin, range->end - range->begin);
      forgetDescribedLibrary(range->begin, range->end);
      forgetStarted(*range);
    }
  freeRanges(before);
  freeRanges(after);
  return result;
}

}  // namespace hindsight
