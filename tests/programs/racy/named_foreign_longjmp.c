// longjmp to a setjmp in code that is not instrumented, as lua_pcall does it. The calls that are left
// are in no stack of what the thread does next, take no room (the thread's stack is small on
// purpose) and do not slow the next longjmp:
// the race has the thread's own stack.
// EXPECT: races=1
// EXPECT: contains "touch()"
// EXPECT: not-contains "jumper"
// EXPECT: not-contains "guarded"
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>

#include "schedule.h"

static int shared;
static volatile int count;
static jmp_buf foreign, own;

__attribute__((noinline)) static void jumper(jmp_buf* to, int depth) {
  if (depth == 0) longjmp(*to, 1);
  jumper(to, depth - 1);
  count = count + 1;
}

__attribute__((noinline, no_sanitize("thread"))) static int guarded(void) {
  if (setjmp(foreign) != 0) return 1;
  jumper(&foreign, 20);
  return 0;
}

// Jumps to itself, and then once more to others.
__attribute__((noinline)) static int instrumented(void) {
  if (setjmp(own) != 0) return guarded();
  jumper(&own, 20);
  return 0;
}

__attribute__((noinline)) static void touch(void) { USE_VALUE(shared = shared + 1); }

static int jumpOften(int rounds) {
  int jumps = 0;
  for (int i = 0; i < rounds; i++) jumps += guarded() + instrumented();
  return jumps;
}

static void* run(void* unused) {
  if (jumpOften(10) != 20) abort();
  for (int i = 0; i < 10; i++) guarded();
  touch();
  if (jumpOften(5000) != 10000) abort();
  stepAdvance();
  return unused;
}

int main(void) {
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 128 << 10);
  pthread_t thread;
  pthread_create(&thread, &small, run, NULL);
  stepWait(1);
  touch();
  pthread_join(thread, NULL);
  return 0;
}
