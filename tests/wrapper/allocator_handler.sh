#!/usr/bin/env bash
# A handler comes while its thread is in an allocator of the program's own (LD_PRELOAD): what it does is checked and
# orders like what a handler does elsewhere. Clean: its store releases; racy: it is relaxed.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

cat > allocator.c <<'E'
// Gives every byte once. An allocation of 777,777 bytes waits until it is told to go on.
#include <sched.h>
#include <stddef.h>
#include <string.h>

int allocator_waits, allocator_may_go;
static _Alignas(16) char pool[64 << 20];
static size_t used;

struct Header { size_t bytes, unused; };

void* memalign(size_t alignment, size_t bytes) {
  if (bytes >= 777777 && bytes < 777900) {
    __atomic_store_n(&allocator_waits, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&allocator_may_go, __ATOMIC_SEQ_CST) == 0) sched_yield();
  }
  const size_t room = (bytes + alignment + 31) & ~(size_t)15;
  const size_t at = __atomic_fetch_add(&used, room, __ATOMIC_SEQ_CST);
  if (at + room > sizeof pool) return NULL;
  char* const first = pool + at + sizeof(struct Header);
  char* const block = (char*)(((size_t)first + alignment - 1) / alignment * alignment);
  ((struct Header*)block)[-1].bytes = bytes;
  return block;
}
void* malloc(size_t bytes) { return memalign(16, bytes); }
void free(void* block) { (void)block; }
void* calloc(size_t count, size_t bytes) { return memalign(16, count * bytes); }  // the pool is zero
size_t malloc_usable_size(void* block) { return block != NULL ? ((struct Header*)block)[-1].bytes : 0; }
void* realloc(void* block, size_t bytes) {
  void* const moved = memalign(16, bytes);
  const size_t old = malloc_usable_size(block);
  if (moved != NULL && old != 0) memcpy(moved, block, old < bytes ? old : bytes);
  return moved;
}
void* aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }
int posix_memalign(void** out, size_t alignment, size_t bytes) {
  *out = memalign(alignment, bytes);
  return 0;
}
E
cat > program.c <<'E'
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

static int published, data, also;
static void* volatile kept;

static void onSignal(int signal) {
  (void)signal;
  also = 1;
  __atomic_store_n(&published, 1, ORDER);
}

static void* allocate(void* unused) {
  data = 42;
  kept = malloc(777777);
  return unused;
}

__attribute__((disable_sanitizer_instrumentation, noinline)) static void waitFor(int* flag) {
  while (__atomic_load_n(flag, __ATOMIC_SEQ_CST) == 0) sched_yield();
}

int main(void) {
  int* const waits = dlsym(RTLD_DEFAULT, "allocator_waits");
  int* const may_go = dlsym(RTLD_DEFAULT, "allocator_may_go");
  if (waits == NULL || may_go == NULL) return 1;
  signal(SIGUSR1, onSignal);
  pthread_t thread;
  pthread_create(&thread, NULL, allocate, NULL);
  waitFor(waits);
  pthread_kill(thread, SIGUSR1);
  while (__atomic_load_n(&published, __ATOMIC_ACQUIRE) == 0) sched_yield();
  const int seen = data;
  const int seen_also = also;
  __atomic_store_n(may_go, 1, __ATOMIC_RELAXED);
  pthread_join(thread, NULL);
  return seen == 42 && seen_also == 1 ? 0 : 1;
}
E
expect_ok "$CC" -fno-sanitize=thread -O1 -fno-builtin -fPIC -shared allocator.c -o liballocator.so
expect_ok "$CC" -g -O1 -pthread -DORDER=__ATOMIC_RELEASE program.c -o clean
expect_ok "$CC" -g -O1 -pthread -DORDER=__ATOMIC_RELAXED program.c -o racy
expect_ok env LD_PRELOAD=./liballocator.so ./clean
expect_silent
expect_race env LD_PRELOAD=./liballocator.so ./racy
expect_stderr "Found 2 data race(s)"
expect_stderr "onSignal"
