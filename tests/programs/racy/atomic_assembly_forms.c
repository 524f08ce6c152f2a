// The ways in which assembly names memory: each is checked where it is, against a plain write of another thread; and
// what comes behind the operation is not ordered by it.
// EXPECT: races=8
// EXPECT: at=ADDRESS
// EXPECT: at=VARIABLE
// EXPECT: at=OFFSET
// EXPECT: at=INTEGER
// EXPECT: at=FENCED
// EXPECT: at=REGISTER
// EXPECT: at=INDEX
// EXPECT: at=BEHIND
// REQUIRES: arch=x86_64
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "schedule.h"

struct Padded {
  long before;
  int flag;
};
struct Padded flags[8];
int global_flag, message;

static void* sender(void* unused) {
  __asm__ volatile("lock; incl %a0" : : "r"(&flags[0].flag) : "memory", "cc");
  __asm__ volatile("lock; incl %P0(%%rip)" : : "i"(&global_flag) : "memory", "cc");
  __asm__ volatile("lock; incl %c1(%0)" : : "r"(&flags[2]), "i"(offsetof(struct Padded, flag)) : "memory", "cc");
  __asm__ volatile("lock; incl (%0)" : : "r"((uintptr_t)&flags[3].flag) : "memory", "cc");
  __asm__ volatile("movl %1, %0; mfence" : "=m"(flags[4].flag) : "r"(1) : "memory");
  __asm__ volatile("lock; incl (%%rdi)" : : "D"(&flags[5].flag) : "memory", "cc");
  __asm__ volatile("lock; incl 8(%0,%1,8)" : : "r"(flags), "r"(6 * sizeof(struct Padded) / 8) : "memory", "cc");
  __asm__ goto("lock; decl %0; jz %l1" : : "m"(flags[7].flag) : "memory", "cc" : never);
never:
  message = 1;
  stepAdvance();
  return unused;
}

static void* receiver(void* unused) {
  stepWait(1);
  flags[0].flag = 7; // at: ADDRESS
  global_flag = 7; // at: VARIABLE
  flags[2].flag = 7; // at: OFFSET
  flags[3].flag = 7; // at: INTEGER
  flags[4].flag = 7; // at: FENCED
  flags[5].flag = 7; // at: REGISTER
  flags[6].flag = 7; // at: INDEX
  __atomic_load_n(&flags[7].flag, __ATOMIC_ACQUIRE);
  message = 2; // at: BEHIND
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, sender, NULL);
  pthread_create(&threads[1], NULL, receiver, NULL);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  return 0;
}
