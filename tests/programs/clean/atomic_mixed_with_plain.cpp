// Plain and atomic accesses to the same bytes: both read; ordered by create and join; ordered by
// the atomic itself; and atomics of different sizes among themselves.
#include "threads.h"

int both_read, ordered, owned, handed_over;
union {
  unsigned whole;
  unsigned char bytes[4];
} sizes;

int main() {
  ordered = 1;
  runUnordered([] { USE_VALUE(__atomic_load_n(&both_read, __ATOMIC_RELAXED)); },
               [] { USE_VALUE(both_read); });
  runUnordered([] { __atomic_fetch_add(&ordered, 1, __ATOMIC_RELAXED); },
               [] { __atomic_fetch_add(&ordered, 1, __ATOMIC_RELAXED); });
  ordered++;
  runOrdered([] { __atomic_store_n(&owned, 1, __ATOMIC_RELAXED); }, [] { owned++; });
  runThreads([] { __atomic_store_n(&handed_over, 1, __ATOMIC_RELEASE); },
             [] {
               while (__atomic_load_n(&handed_over, __ATOMIC_ACQUIRE) == 0) sched_yield();
               handed_over++;
             });
  runUnordered([] { __atomic_store_n(&sizes.whole, 1, __ATOMIC_RELAXED); },
               [] { __atomic_store_n(&sizes.bytes[2], 1, __ATOMIC_RELAXED); });
}
