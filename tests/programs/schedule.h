// schedule.h - forces one order of events in a test program without ordering anything.
//
// A racy program must race in every run, and must race in the order the test is about. Sleeping is
// neither reliable nor fast, and a mutex or an instrumented atomic would add the very
// happens-before edge that the test says is missing. The functions here synchronise threads in
// real time only: `disable_sanitizer_instrumentation` keeps both ThreadSanitizer's pass and
// Hindsight's pass out of them, and they call nothing that a detector intercepts.
//
//   thread A                     thread B
//     g = 1;                       stepWait(1);   // after A's write in time,
//     stepAdvance();               use(g);        // but not after it in the happens-before order
//
// The compiler sees sequentially consistent atomics and a memory clobber, so that no access moves
// across a step.
//
// Works in C and in C++. Thread safety: everything here may be called from any thread.
// Allocation: none. A step that is never reached aborts after about 30 seconds of waiting.
#pragma once

#include <sched.h>
#include <stdlib.h>
#include <time.h>

#define HINDSIGHT_TEST_UNINSTRUMENTED \
  __attribute__((disable_sanitizer_instrumentation, noinline, unused))

/// Makes the compiler compute `value` (an integer or a pointer) here and believe that it is needed.
#define USE_VALUE(value) __asm__ volatile("" : : "r"(value) : "memory")

/// A counter that only grows. Zero-initialise it.
struct StepCounter {
  int value;
};

HINDSIGHT_TEST_UNINSTRUMENTED static int stepCounterRead(struct StepCounter* counter) {
  int now = __atomic_load_n(&counter->value, __ATOMIC_SEQ_CST);
  __asm__ volatile("" ::: "memory");
  return now;
}

/// Adds one to `counter`; returns the new value.
HINDSIGHT_TEST_UNINSTRUMENTED static int stepCounterAdvance(struct StepCounter* counter) {
  __asm__ volatile("" ::: "memory");
  int now = __atomic_add_fetch(&counter->value, 1, __ATOMIC_SEQ_CST);
  __asm__ volatile("" ::: "memory");
  return now;
}

/// Returns once `counter` is at least `step`.
HINDSIGHT_TEST_UNINSTRUMENTED static void stepCounterWait(struct StepCounter* counter, int step) {
  time_t deadline = 0;
  __asm__ volatile("" ::: "memory");
  while (__atomic_load_n(&counter->value, __ATOMIC_SEQ_CST) < step) {
    time_t now = time(NULL);
    if (deadline == 0) deadline = now + 30;
    if (now > deadline) abort();
    sched_yield();
  }
  __asm__ volatile("" ::: "memory");
}

static struct StepCounter step_counter;
static struct StepCounter barrier_counter;

/// Returns once stepAdvance() has been called at least `step` times in this process.
HINDSIGHT_TEST_UNINSTRUMENTED static void stepWait(int step) {
  stepCounterWait(&step_counter, step);
}

/// Lets every stepWait() for the next step go on; returns the number of that step.
HINDSIGHT_TEST_UNINSTRUMENTED static int stepAdvance(void) {
  return stepCounterAdvance(&step_counter);
}

/// Waits until `threads` threads have arrived; reusable, always with the same `threads`.
HINDSIGHT_TEST_UNINSTRUMENTED static void barrierUninstrumented(int threads) {
  int arrival = stepCounterAdvance(&barrier_counter);
  stepCounterWait(&barrier_counter, (arrival + threads - 1) / threads * threads);
}

#ifdef __cplusplus
namespace hindsight_test {

/// A step counter of one's own, for programs that need more than the global one.
class Step {
 public:
  HINDSIGHT_TEST_UNINSTRUMENTED void wait(int step) { stepCounterWait(&counter_, step); }
  HINDSIGHT_TEST_UNINSTRUMENTED int advance() { return stepCounterAdvance(&counter_); }

 private:
  StepCounter counter_{};
};

}  // namespace hindsight_test
#endif
