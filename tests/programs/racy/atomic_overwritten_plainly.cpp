// An atomic object that was stored to with release is then written plainly, unordered with anything. A
// load with acquire reads the plain value: it does not synchronise with the store that is there
// no more, so the data race, too. So it is with memset, and with a plain write by the thread that
// stored, in the same epoch as a relaxed store after a fence.
// EXPECT: races=8
#include <string.h>

#include "threads.h"

int assigned, cleared, own, data_1, data_2, data_3;

HINDSIGHT_TEST_UNINSTRUMENTED static void check(int* object, int value) {
  if (__atomic_load_n(object, __ATOMIC_SEQ_CST) != value) abort();
}

int main() {
  hindsight_test::Step step;
  runThreads(
      [&] {
        data_1 = data_2 = data_3 = 1;
        __atomic_store_n(&assigned, 1, __ATOMIC_RELEASE);
        __atomic_store_n(&cleared, 1, __ATOMIC_RELEASE);
        own = 5;
        __atomic_thread_fence(__ATOMIC_RELEASE);
        __atomic_store_n(&own, 1, __ATOMIC_RELAXED);
        own = 2;
        step.advance();
      },
      [&] {
        step.wait(1);
        assigned = 2;                         // races with the store
        memset(&cleared, 0, sizeof cleared);  // races with the store
        step.advance();
      },
      [&] {
        step.wait(2);
        check(&assigned, 2);
        USE_VALUE(__atomic_load_n(&assigned, __ATOMIC_ACQUIRE));  // races with the assignment
        USE_VALUE(data_1);                                        // races
      },
      [&] {
        step.wait(2);
        USE_VALUE(__atomic_load_n(&cleared, __ATOMIC_ACQUIRE));  // races with the memset
        USE_VALUE(data_2);                                       // races
      },
      [&] {
        step.wait(2);
        USE_VALUE(__atomic_load_n(&own, __ATOMIC_ACQUIRE));  // races with the last assignment
        USE_VALUE(data_3);                                   // races
      });
}
