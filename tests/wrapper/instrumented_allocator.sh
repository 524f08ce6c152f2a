#!/usr/bin/env bash
# An allocator that replaces malloc and is compiled with Hindsight, too. What it does inside malloc and free is
# ignored, its lock included; so what it does at a thread's end, and in functions of its own, must not be
# reported either. The program's races are.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
cat >allocator.c <<'EOF'
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

typedef struct Block { struct Block *next; size_t bytes; } Block;  // the memory is behind it
enum { kArena = 64 << 20 };
static atomic_flag taken = ATOMIC_FLAG_INIT;
static Block *unused;
static char *arena;
static size_t used;

static void lock(void) { while (atomic_flag_test_and_set_explicit(&taken, memory_order_acquire)) {} }
static void unlock(void) { atomic_flag_clear_explicit(&taken, memory_order_release); }

void *memalign(size_t alignment, size_t bytes) {
  if (alignment < 16) alignment = 16;
  lock();
  if (arena == NULL)
    arena = mmap(NULL, kArena, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (Block **link = &unused; *link != NULL; link = &(*link)->next) {
    Block *block = *link;
    if (block->bytes < bytes || (uintptr_t)(block + 1) % alignment != 0) continue;
    *link = block->next;
    unlock();
    return block + 1;
  }
  uintptr_t begin = ((uintptr_t)arena + used + sizeof(Block) + alignment - 1) & -alignment;
  bytes = (bytes + 15) & -(size_t)16;
  used = begin + bytes - (uintptr_t)arena;
  Block *block = used <= kArena ? (Block *)begin - 1 : NULL;
  unlock();
  if (block == NULL) { errno = ENOMEM; return NULL; }
  block->bytes = bytes;
  return block + 1;
}
void *malloc(size_t bytes) { return memalign(16, bytes); }
void free(void *memory) {
  if (memory == NULL) return;
  Block *block = (Block *)memory - 1;
  lock();
  block->next = unused;
  unused = block;
  unlock();
}
void *calloc(size_t count, size_t bytes) {
  void *memory = malloc(count * bytes);
  return memory == NULL ? NULL : memset(memory, 0, count * bytes);
}
void *realloc(void *memory, size_t bytes) {
  void *moved = malloc(bytes);
  if (memory == NULL || moved == NULL) return moved;
  size_t old = ((Block *)memory - 1)->bytes;
  memcpy(moved, memory, old < bytes ? old : bytes);
  free(memory);
  return moved;
}
void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }
int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  *memory = memalign(alignment, bytes);
  return *memory == NULL ? ENOMEM : 0;
}
/// Fills what is free.
void scrub(void) {
  lock();
  for (Block *block = unused; block != NULL; block = block->next)
    for (size_t i = 0; i < block->bytes; i++) ((volatile char *)(block + 1))[i] = 85;
  unlock();
}
EOF
cat >program.c <<'EOF'
#include <pthread.h>
#include <stdlib.h>
#include "schedule.h"
void scrub(void);
#ifdef RACE
int value;
#endif
static void *first(void *block) {
  free(block);
#ifdef RACE
  value = 1;
#endif
  stepAdvance();
  stepWait(2);
  return NULL;
}
int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, first, malloc(1000));
  stepWait(1);
  scrub();
#ifdef RACE
  value = 2;
#endif
  stepAdvance();
  pthread_join(thread, NULL);
  return 0;
}
EOF
expect_ok "$CC" -g -O1 -fno-builtin -fPIC -shared allocator.c -o liballocator.so
expect_instrumented liballocator.so
for runtime in "" --hindsight-shared-runtime; do
  for race in "" -DRACE; do
    expect_ok "$CC" $runtime $race -g -O1 -pthread -iquote "$HINDSIGHT_SOURCE/tests/programs" program.c ./liballocator.so \
      -o "./program$race"
  done
  expect_ok ./program
  expect_silent
  expect_race ./program-DRACE
  expect_stderr "variable 'value'"
  expect_stderr "Found 1 data race(s)"
done
