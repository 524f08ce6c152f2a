// LIBS: -latomic
// As the clean twin, but the operation that reads the store, or the store, is relaxed: nothing orders
// the plain initialisation before it. A plain initialisation after the store that is read is
// not ordered either.
// EXPECT: races=6
#include "threads.h"

struct Large {
  long values[4];
};

int loaded, exchanged, compared, failed, late;
Large large;

int main() {
  hindsight_test::Step step;
  runThreads(
      [&] {
        loaded = exchanged = compared = failed = 1;
        large.values[0] = 1;
        Large full{{1, 2, 3, 4}};
        __atomic_store_n(&loaded, 2, __ATOMIC_RELEASE);
        __atomic_store_n(&exchanged, 2, __ATOMIC_RELAXED);
        __atomic_store_n(&compared, 2, __ATOMIC_RELEASE);
        __atomic_store_n(&failed, 2, __ATOMIC_RELEASE);
        __atomic_store_n(&late, 2, __ATOMIC_RELEASE);
        late = 3;
        __atomic_store(&large, &full, __ATOMIC_RELAXED);
        step.advance();
      },
      [&] {
        step.wait(1);
        USE_VALUE(__atomic_load_n(&loaded, __ATOMIC_RELAXED));
      },
      [&] {
        step.wait(1);
        __atomic_exchange_n(&exchanged, 3, __ATOMIC_ACQUIRE);
      },
      [&] {
        step.wait(1);
        int expected = 2;
        __atomic_compare_exchange_n(&compared, &expected, 3, false, __ATOMIC_RELEASE,
                                    __ATOMIC_ACQUIRE);
      },
      [&] {
        step.wait(1);
        int expected = 7;
        __atomic_compare_exchange_n(&failed, &expected, 3, false, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED);
      },
      [&] {
        step.wait(1);
        USE_VALUE(__atomic_load_n(&late, __ATOMIC_ACQUIRE));
      },
      [&] {
        step.wait(1);
        Large seen;
        __atomic_load(&large, &seen, __ATOMIC_ACQUIRE);
        USE_VALUE(seen.values[0]);
      });
}
