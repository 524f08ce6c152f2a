// dlclose: the addresses of a library that is unloaded start afresh, for the next one that is
// loaded there; its names are kept for stacks of older accesses.
//
// The loader maps and unmaps without calling mmap and munmap of the program. Nothing is ordered by
// dlopen and dlclose, and nothing needs to be done when a library comes: its addresses are fresh.
#include <dlfcn.h>
#include <link.h>

#include "base/arena.h"
#include "entry/access.h"
#include "intercept/described_library.h"
#include "intercept/ignored_libraries.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "report/symbolizer.h"

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

LoadedRange* loadedRanges() {
  LoadedRange* ranges = nullptr;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* argument) {
        auto* first = static_cast<LoadedRange**>(argument);
        auto* range = arenaNew<LoadedRange>();
        *range = rangeOf(*info);
        range->next = *first;
        *first = range;
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

}  // namespace

HINDSIGHT_INTERCEPTOR int dlclose(void* library) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.dlclose(library);
  rememberModules();
  LoadedRange* const before = loadedRanges();
  const int result = call.blocking([&] { return real.dlclose(library); });
  forgetIgnoredLibraries();
  LoadedRange* const after = loadedRanges();
  for (const LoadedRange* range = before; range != nullptr; range = range->next)
    if (range->begin < range->end && !contains(after, *range)) {
      resetShadow(range->begin, range->end - range->begin);
      forgetDescribedLibrary(range->begin, range->end);
    }
  freeRanges(before);
  freeRanges(after);
  return result;
}

}  // namespace hindsight
