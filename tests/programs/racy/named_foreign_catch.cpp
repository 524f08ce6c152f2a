// Functions that throw into code which is not instrumented: streams of libstdc++ catch what their
// buffers throw, and so does a function that is exempt. The calls that are left are in no stack of
// what the thread does next, and take no room (the thread's stack is small on purpose): the race
// has the thread's own stack.
// EXPECT: races=1
// EXPECT: contains "touch()"
// EXPECT: not-contains "thrower"
// EXPECT: not-contains "guarded"
// EXPECT: not-contains "overflow"
// EXPECT: not-contains "xsputn"
#include <pthread.h>
#include <stdlib.h>

#include <ostream>
#include <streambuf>

#include "schedule.h"

static int shared;
static volatile int count;

__attribute__((noinline)) static void thrower(int depth) {
  if (depth == 0) throw depth;
  thrower(depth - 1);
  count = count + 1;
}

struct Full : std::streambuf {
  int overflow(int) override {
    thrower(20);
    return 0;
  }
  std::streamsize xsputn(const char*, std::streamsize) override {
    thrower(20);
    return 0;
  }
};

__attribute__((noinline, no_sanitize("thread"))) static int guarded(void) {
  try {
    thrower(20);
    return 0;
  } catch (int) {
    return 1;
  }
}

// Catches itself, and what is behind it is caught by others again.
__attribute__((noinline)) static int instrumented(void) {
  try {
    thrower(20);
    return 0;
  } catch (int) {
    return guarded();
  }
}

__attribute__((noinline)) static void touch(void) { USE_VALUE(shared = shared + 1); }

static void catchOften(int rounds) {
  Full full;
  std::ostream out(&full);
  int caught = 0;
  for (int i = 0; i < rounds; i++) {
    out.write("x", 1);
    caught += out.bad() + guarded() + instrumented();
    out.clear();
  }
  if (caught != 3 * rounds) abort();
}

static void* run(void* unused) {
  catchOften(10);
  for (int i = 0; i < 10; i++) guarded();
  touch();
  catchOften(1500);
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
