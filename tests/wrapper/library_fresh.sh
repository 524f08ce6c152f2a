#!/usr/bin/env bash
# An instrumented library that is opened where a thread's stack was has no history, although nobody saw the C library
# unmap the stack. What is done from its first constructor on is on record, by whomever and in whichever of the
# libraries that come together, and so is what was done before in libraries that are there already.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
cat >step.h <<'EOF'
#include <sched.h>
static int step_value;
/* Orders nothing that a detector sees. */
__attribute__((disable_sanitizer_instrumentation, noinline, unused)) static void step(int add) {
  __atomic_add_fetch(&step_value, add, __ATOMIC_SEQ_CST);
}
__attribute__((disable_sanitizer_instrumentation, noinline, unused)) static void await(int value) {
  while (__atomic_load_n(&step_value, __ATOMIC_SEQ_CST) < value) sched_yield();
}
EOF
cat >large.c <<'EOF'
__attribute__((aligned(64))) char large[4 << 20];
void touch(void) {
  volatile char *bytes = large;
  for (unsigned i = 0; i < sizeof large; i += 64) bytes[i]++;
}
EOF
cat >stack.c <<'EOF'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "step.h"
enum { kUsed = 32 << 20 };
static char *lowest, *highest;
static void *useStack(void *unused) {
  __attribute__((aligned(64))) char bytes[kUsed];
  volatile char *at = bytes;
  for (unsigned i = 0; i < sizeof bytes; i += 64) at[i] = 1;
  __atomic_store_n(&lowest, bytes, __ATOMIC_RELAXED);
  __atomic_store_n(&highest, bytes + kUsed, __ATOMIC_RELAXED);
  return unused;
}
/* Larger than what the C library keeps of stacks: joining unmaps it. */
static void *joinOther(void *unused) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 << 20);
  pthread_t other;
  if (pthread_create(&other, &attributes, useStack, NULL) != 0) abort();
  pthread_join(other, NULL);
  step(1);
  await(2);
  return unused;
}
int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, joinOther, NULL);
  await(1);
  void *library = dlopen("./liblarge.so", RTLD_NOW);
  if (library == NULL) { puts(dlerror()); return 1; }
  char *large = dlsym(library, "large");
  ((void (*)(void))dlsym(library, "touch"))();
  if (large >= __atomic_load_n(&lowest, __ATOMIC_RELAXED) && large < __atomic_load_n(&highest, __ATOMIC_RELAXED))
    puts("same place");
  step(1);
  return pthread_join(thread, NULL);
}
EOF
# Comes with `starts`, whose constructors run first.
cat >needs.c <<'EOF'
int of_needing;
void *startsNothing(void);
void *keep(void) { return startsNothing(); }
EOF
cat >starts.c <<'EOF'
#include <pthread.h>
#include "step.h"
extern int of_needing;
int of_starting;
static void *run(void *unused) {
  of_needing = of_starting = 1;
  step(1);
  return unused;
}
__attribute__((constructor)) static void start(void) {
  pthread_t thread;
  pthread_create(&thread, 0, run, 0);
  pthread_detach(thread);
  await(1);
}
void *startsNothing(void) { return 0; }
EOF
cat >opens.c <<'EOF'
#include <dlfcn.h>
#include <stdio.h>
int main(int count, char **values) {
  void *library = dlopen("./libneeds.so", RTLD_NOW | RTLD_GLOBAL);
  if (library == NULL) { puts(dlerror()); return 1; }
  if (count == 2) *(int *)dlsym(library, values[1]) = 2;
  return 0;
}
EOF
cat >keeps.c <<'EOF'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include "step.h"
static void *first, *second;
static void *openOther(void *unused) {
  await(1);
  second = dlopen("./libother.so", RTLD_NOW);
  if (second == NULL) puts(dlerror());
  if (unused != NULL) ((void (*)(void))dlsym(dlopen("./liblarge.so", RTLD_NOW), "touch"))();
  return NULL;
}
int main(int count, char **values) {
  first = dlopen("./liblarge.so", RTLD_NOW);
  pthread_t thread;
  pthread_create(&thread, NULL, openOther, count == 2 ? values[1] : NULL);
  ((void (*)(void))dlsym(first, "touch"))();
  step(1);
  return pthread_join(thread, NULL);
}
EOF
expect_ok "$CC" -O1 -g -fPIC -shared large.c -o liblarge.so
expect_ok "$CC" -O1 -g -fPIC -shared large.c -o libother.so
expect_ok "$CC" -O1 -g -fPIC -shared starts.c -o libstarts.so
expect_ok "$CC" -O1 -g -fPIC -shared needs.c -o libneeds.so -L. -lstarts -Wl,-rpath,.
for program in stack opens keeps; do expect_ok "$CC" -O1 -g $program.c -o $program; done
# Another arena of malloc would lie above the stack.
expect_ok env MALLOC_ARENA_MAX=1 ./stack
expect_stdout "same place"
expect_ok ./opens
expect_race ./opens of_starting
expect_race ./opens of_needing
expect_ok ./keeps
expect_race ./keeps touches
