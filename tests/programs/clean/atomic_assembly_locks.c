// Locks whose operations are inline assembly: an exchange, a loop with `lock dec` in it, `lock cmpxchg`, `lock bts`,
// `xadd` with the address in a register. They order as the processor does.
// TSan: false report
// REQUIRES: arch=x86_64
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

enum { kRounds = 300 };

static signed char byte_lock = 1;
static char exchanged;
static int compared, tickets, served;
static unsigned long bits;
static int behind[5];

static void lockByte(void) {
  __asm__ volatile(
      "1: lock; decb %0\n\t"
      "jns 3f\n"
      "2: rep; nop\n\t"
      "cmpb $0, %0\n\t"
      "jle 2b\n\t"
      "jmp 1b\n"
      "3:"
      : "+m"(byte_lock)
      :
      : "memory", "cc");
}
static void unlockByte(void) { __asm__ volatile("movb $1, %0" : "=m"(byte_lock) : : "memory"); }

static void lockExchanged(void) {
  char old;
  do {
    old = 1;
    __asm__ volatile("xchgb %0, %1" : "+q"(old), "+m"(exchanged) : : "memory");
  } while (old != 0);
}
static void unlockExchanged(void) { __atomic_store_n(&exchanged, 0, __ATOMIC_RELEASE); }

static int compareExchange(int* place, int expected, int desired) {
  int seen;
  __asm__ volatile("lock cmpxchgl %2, %1"
                   : "=a"(seen), "+m"(*place)
                   : "r"(desired), "0"(expected)
                   : "memory", "cc");
  return seen;
}

static void lockBit(void) {
  unsigned char was_set;
  do {
    __asm__ volatile("lock; btsq %2, %0; setc %1" : "+m"(bits), "=qm"(was_set) : "Ir"(5L) : "memory", "cc");
  } while (was_set);
}
static void unlockBit(void) { __asm__ volatile("lock btrq %1, %0" : "+m"(bits) : "Ir"(5L) : "memory", "cc"); }

static int fetchAdd(int* place, int value) {
  __asm__ volatile("lock; xadd %0, (%1)" : "+r"(value) : "r"(place) : "memory", "cc");
  return value;
}
static int load(const int* place) {
  int value;
  __asm__ volatile("movl %1, %0" : "=r"(value) : "m"(*place) : "memory");
  return value;
}

static void* run(void* unused) {
  for (int i = 0; i < kRounds; i++) {
    lockByte();
    behind[0]++;
    unlockByte();

    lockExchanged();
    behind[1]++;
    unlockExchanged();

    while (compareExchange(&compared, 0, 1) != 0) sched_yield();
    behind[2]++;
    compareExchange(&compared, 1, 0);

    lockBit();
    behind[3]++;
    unlockBit();

    const int ticket = fetchAdd(&tickets, 1);
    while (load(&served) != ticket) sched_yield();
    behind[4]++;
    fetchAdd(&served, 1);
  }
  return unused;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, run, NULL);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  for (int i = 0; i < 5; i++)
    if (behind[i] != 3 * kRounds) return 1;
  return 0;
}
