// What stands beside an atomic operation in one piece of assembly is not taken for done before it, nor for done where
// it is jumped over; a register says how wide a move is; and stores of others that come between the two calls of the
// runtime around the assembly end nothing.
// TSan: false report
// REQUIRES: arch=x86_64
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { kRounds = 200 };

static int lock, owner, guarded;
static struct {
  int count, plain;
} pair __attribute__((aligned(8)));
static int skipped;

static void lockAndOwn(int self) {
  __asm__ volatile(
      "1: movl $1, %%eax\n\t"
      "xchgl %%eax, %0\n\t"
      "testl %%eax, %%eax\n\t"
      "jnz 1b\n\t"
      "movl %2, %1"
      : "+m"(lock), "=m"(owner) : "r"(self) : "eax", "memory", "cc");
}
static int lastAndUnlock(void) {
  int seen, zero = 0;
  __asm__ volatile("movl %3, %0; xchgl %2, %1" : "=&r"(seen), "+m"(lock), "+r"(zero) : "m"(guarded) : "memory");
  return seen;
}

static void* guardian(void* unused) {
  for (int i = 0; i < kRounds; i++) {
    lockAndOwn(i);
    owner++;
    guarded++;
    if (lastAndUnlock() == 0) abort();
    sched_yield();
  }
  return unused;
}

static void* counter(void* is_plain) {
  for (int i = 0; i < kRounds; i++) {
    int one = 1;
    long none = 0;
    if (is_plain != NULL) {
      pair.plain++;
      skipped++;
      continue;
    }
    __asm__ volatile("xchg %0, %1" : "+r"(one), "+m"(*(long*)&pair) : : "memory");
    __asm__ volatile("testq %1, %1; jz 1f; lock; incl %0; 1:" : "+m"(skipped) : "r"(none) : "memory", "cc");
    int* at = &pair.plain;
    __asm__ volatile("addq $-4, %0; lock; incl (%0)" : "+r"(at) : : "memory", "cc");
  }
  return NULL;
}

// A store of another thread between the announcement of an exchange and the exchange.
static int head, gate, message;
static void* pushes(void* unused) {
  int value = 7;
  message = 1;
  __asm__ volatile(
      "lock; incl %2\n"
      "1: pause; cmpl $2, %2\n\t"
      "jne 1b\n\t"
      "xchgl %0, %1"
      : "+r"(value), "+m"(head), "+m"(gate) : : "memory", "cc");
  return unused;
}
static void* resets(void* unused) {
  while (__atomic_load_n(&gate, __ATOMIC_RELAXED) != 1) sched_yield();
  __atomic_store_n(&head, 3, __ATOMIC_RELEASE);
  __atomic_store_n(&gate, 2, __ATOMIC_RELAXED);
  return unused;
}
static void* pops(void* unused) {
  while (__atomic_load_n(&head, __ATOMIC_ACQUIRE) != 7) sched_yield();
  if (message != 1) abort();
  return unused;
}

// One between a load and what the runtime is told behind it.
static int box, door, letter;
static void* sends(void* unused) {
  letter = 1;
  __atomic_store_n(&box, 1, __ATOMIC_RELEASE);
  __atomic_store_n(&door, 1, __ATOMIC_RELAXED);
  return unused;
}
static void* reads(void* unused) {
  int seen;
  while (__atomic_load_n(&door, __ATOMIC_RELAXED) != 1) sched_yield();
  __asm__ volatile(
      "movl %1, %0\n\t"
      "lock; incl %2\n"
      "1: pause; cmpl $3, %2\n\t"
      "jne 1b"
      : "=&r"(seen), "+m"(box), "+m"(door) : : "memory", "cc");
  if (seen != 1 || letter != 1) abort();
  return unused;
}
static void* empties(void* unused) {
  while (__atomic_load_n(&door, __ATOMIC_RELAXED) != 2) sched_yield();
  __atomic_store_n(&box, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&door, 3, __ATOMIC_RELAXED);
  return unused;
}

int main(void) {
  void* (*const bodies[])(void*) = {guardian, guardian, counter, counter, pushes, resets, pops, sends, reads, empties};
  enum { kThreads = sizeof bodies / sizeof bodies[0] };
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; i++) pthread_create(&threads[i], NULL, bodies[i], i == 3 ? (void*)bodies : NULL);
  for (int i = 0; i < kThreads; i++) pthread_join(threads[i], NULL);
  return guarded == 2 * kRounds && pair.plain == kRounds && skipped == kRounds ? 0 : 1;
}
