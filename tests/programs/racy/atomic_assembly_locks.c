// Locks in inline assembly, and accesses that come after the unlock, before the lock, or are to the lock itself.
// EXPECT: races=4
// EXPECT: at=BYTE
// EXPECT: at=COMPARED
// EXPECT: at=TICKET
// EXPECT: at=LOCK
// REQUIRES: arch=x86_64
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

char exchanged;
int compared, tickets;
int behind[3];

static void lockExchanged(void) {
  char old;
  do {
    old = 1;
    __asm__ volatile("xchgb %0, %1" : "+q"(old), "+m"(exchanged) : : "memory");
  } while (old != 0);
}
static void unlockExchanged(void) { __asm__ volatile("movb $0, %0" : "=m"(exchanged) : : "memory"); }
int compareExchange(int* place, int expected, int desired) {
  int seen;
  __asm__ volatile("lock cmpxchgl %2, %1"
                   : "=a"(seen), "+m"(*place)
                   : "r"(desired), "0"(expected)
                   : "memory", "cc");
  return seen;
}
int fetchAdd(int* place, int value) {
  __asm__ volatile("lock; xadd %0, (%1)" : "+r"(value) : "r"(place) : "memory", "cc");
  return value;
}

static void* first(void* unused) {
  lockExchanged();
  unlockExchanged();
  behind[0] = 1;
  compareExchange(&compared, 0, 1);
  behind[1] = 1;
  fetchAdd(&tickets, 1);
  stepAdvance();
  stepWait(2);
  behind[2] = 1; // at: TICKET
  return unused;
}
static void* second(void* unused) {
  stepWait(1);
  lockExchanged();
  unlockExchanged();
  behind[0] = 2; // at: BYTE
  compareExchange(&compared, 1, 2);
  behind[1] = 2; // at: COMPARED
  behind[2] = 2;
  fetchAdd(&tickets, 1);
  stepAdvance();
  USE_VALUE(compared);
  return unused;
}
static void* third(void* unused) {
  stepWait(2);
  tickets = 0; // at: LOCK
  return unused;
}

int main(void) {
  void* (*const bodies[])(void*) = {first, second, third};
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, bodies[i], NULL);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  return 0;
}
