// sort.cpp - qsort and bsearch, whose comparators are the program's own code.
//
// The comparator runs outside the runtime, with its caller on the shadow stack. Sorting moves
// elements about without instrumentation: the whole array counts as read and written, both before
// the first comparison and after the last, for a comparator may synchronise.
//
// Thread safety: any thread. Allocation: none of ours (glibc's qsort may call malloc).
#include "intercept/real_calls.h"

#include "intercept/intercepted_call.h"

using namespace hindsight;

namespace {

template <class Sort>
void sortRange(uptr pc, void* base, size_t count, size_t size, Sort sort) {
  InterceptedCall call(pc);
  if (call.bypass()) return sort();
  const bool moves = count > 1;
  if (moves) {
    call.reads(base, count * size);
    call.writes(base, count * size);
  }
  call.blocking(sort);
  if (moves) call.writes(base, count * size);
}

}  // namespace

HINDSIGHT_INTERCEPTOR void qsort(void* base, size_t count, size_t size,
                                 int (*compare)(const void*, const void*)) {
  sortRange(HINDSIGHT_CALLER_PC, base, count, size,
            [=] { real.qsort(base, count, size, compare); });
}

HINDSIGHT_INTERCEPTOR void qsort_r(void* base, size_t count, size_t size,
                                   int (*compare)(const void*, const void*, void*),
                                   void* argument) {
  sortRange(HINDSIGHT_CALLER_PC, base, count, size,
            [=] { real.qsort_r(base, count, size, compare, argument); });
}

/// Reads nothing itself; here so that the comparator's stack shows who searched.
HINDSIGHT_INTERCEPTOR void* bsearch(const void* key, const void* base, size_t count, size_t size,
                                    int (*compare)(const void*, const void*)) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.bsearch(key, base, count, size, compare);
  return call.blocking([=] { return real.bsearch(key, base, count, size, compare); });
}
