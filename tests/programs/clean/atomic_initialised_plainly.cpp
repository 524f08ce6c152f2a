// LIBS: -latomic
// An atomic object is initialised plainly and then stored to with release, by the same thread. Whoever
// reads that store with acquire is ordered after the initialisation by that very operation, so the
// operation and the initialisation do not race ([intro.races]): a load, a compare-exchange that
// fails or succeeds, an exchange, an object of a size that libatomic locks, and a load that
// reads the store through a release sequence.
#include "threads.h"

struct Large {
  long values[4];
};

int loaded, exchanged, compared, failed, counted;
Large large;


int main() {
  hindsight_test::Step step;
  runThreads(
      [&] {
        loaded = exchanged = compared = failed = counted = 1;
        large.values[0] = 1;
        Large full{{1, 2, 3, 4}};
        __atomic_store_n(&loaded, 2, __ATOMIC_RELEASE);
        __atomic_store_n(&exchanged, 2, __ATOMIC_RELEASE);
        __atomic_store_n(&compared, 2, __ATOMIC_RELEASE);
        __atomic_store_n(&failed, 2, __ATOMIC_RELEASE);
        __atomic_store_n(&counted, 2, __ATOMIC_RELEASE);
        __atomic_fetch_add(&counted, 1, __ATOMIC_RELAXED);
        __atomic_store(&large, &full, __ATOMIC_RELEASE);
        step.advance();
      },
      [&] {
        step.wait(1);
        USE_VALUE(__atomic_load_n(&loaded, __ATOMIC_ACQUIRE));
      },
      [&] {
        step.wait(1);
        __atomic_exchange_n(&exchanged, 3, __ATOMIC_ACQUIRE);
      },
      [&] {
        step.wait(1);
        int expected = 2;
        __atomic_compare_exchange_n(&compared, &expected, 3, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED);
      },
      [&] {
        step.wait(1);
        int expected = 7;
        __atomic_compare_exchange_n(&failed, &expected, 3, false, __ATOMIC_RELAXED,
                                    __ATOMIC_ACQUIRE);
      },
      [&] {
        step.wait(1);
        USE_VALUE(__atomic_load_n(&counted, __ATOMIC_ACQUIRE));
      },
      [&] {
        step.wait(1);
        Large seen;
        __atomic_load(&large, &seen, __ATOMIC_ACQUIRE);
        USE_VALUE(seen.values[0]);
      });
}
