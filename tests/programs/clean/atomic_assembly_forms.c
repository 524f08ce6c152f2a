// The ways in which assembly names the memory and the prefix: each hands a message on.
// TSan: false report
// REQUIRES: arch=x86_64
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { kForms = 16 };

struct Padded {
  long before;
  int flag;
};
static struct Padded flags[kForms];
static int global_flag;
static int messages[kForms];

static void sendBits(long bit) { __asm__ volatile("lock; btsq %1, %0" : "+m"(*(long*)flags) : "Ir"(bit) : "memory", "cc"); }

static void* sender(void* unused) {
  for (int i = 0; i < kForms; i++) messages[i] = 1;
  int one = 1, none = 0;
  char done;
  __asm__ volatile(".byte 0xf0; incl %0" : "+m"(flags[0].flag) : : "memory", "cc");
  __asm__ volatile("lock; incl %a0" : : "r"(&flags[1].flag) : "memory", "cc");
  __asm__ volatile("lock; incl %P0(%%rip)" : : "i"(&global_flag) : "memory", "cc");
  __asm__ volatile("lock; incl %c1(%0)" : : "r"(&flags[3]), "i"(offsetof(struct Padded, flag)) : "memory", "cc");
  __asm__ volatile("lock; incl %0 /* one more; another */" : "+m"(flags[4].flag) : : "memory", "cc");
  __asm__ volatile("lock; incl (%0)" : : "r"((uintptr_t)&flags[5].flag) : "memory", "cc");
  __asm__ volatile("movl %1, %0; mfence" : "=m"(flags[6].flag) : "r"(1) : "memory");
  __asm__ volatile(
      ".pushsection .hindsight_locks,\"\"\n.balign 4\n.long 671f - .\n.popsection\n671:\n\tlock; incl %[flag]"
      : [flag] "+m"(flags[7].flag) : : "memory", "cc");
  __asm__ volatile("lock; incl (%%rdi)" : : "D"(&flags[8].flag) : "memory", "cc");
  __asm__ volatile("lock; incl 8(%0,%1,8)" : : "r"(flags), "r"(9 * sizeof(struct Padded) / 8) : "memory", "cc");
  __asm__ goto("lock; decl %0; jz %l1" : : "m"(flags[10].flag) : "memory", "cc" : never);
never:
  __asm__ volatile("lock; addl $0, %0" : "+m"(none) : : "memory", "cc");
  __atomic_store_n(&flags[11].flag, 1, __ATOMIC_RELAXED);
  __asm__ volatile(".Lform%=: lock; cmpxchgl %3, %1"
                   : "+a"(none), "+m"(flags[12].flag), "=@ccz"(done) : "r"(one) : "memory");
  __asm__ volatile("movl $1, %%eax; xchgl %%eax, %0" : "+m"(flags[13].flag) : : "memory", "eax");
  sendBits((14 * sizeof(struct Padded) + offsetof(struct Padded, flag)) * 8);
  __asm__ volatile("lock\n\torl %1, %0" : "+m"(flags[15].flag) : "ir"(1) : "memory", "cc");
  return unused;
}

static void* receiver(void* unused) {
  const int form = (int)(intptr_t)unused;
  int* const flag = form == 2 ? &global_flag : &flags[form].flag;
  while (__atomic_load_n(flag, __ATOMIC_ACQUIRE) == 0) sched_yield();
  if (messages[form] != 1) abort();
  return NULL;
}

int main(void) {
  pthread_t receivers[kForms], sending;
  for (int i = 0; i < kForms; i++) pthread_create(&receivers[i], NULL, receiver, (void*)(intptr_t)i);
  pthread_create(&sending, NULL, sender, NULL);
  for (int i = 0; i < kForms; i++) pthread_join(receivers[i], NULL);
  pthread_join(sending, NULL);
  return 0;
}
