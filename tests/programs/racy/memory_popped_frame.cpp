// A thread still writes through a pointer to a local variable of a function that has returned; the
// next function's frame lies at the same place.
// EXPECT: races>=1
// EXPECT: contains "lateWrite"
#include "threads.h"

int* dangling;

__attribute__((noinline)) void lateWrite() { *dangling = 1; }

__attribute__((noinline)) void start() {
  int locals[64] = {};
  dangling = &locals[32];
  __asm__ volatile("" ::"r"(locals) : "memory");
}
__attribute__((noinline)) void next() {
  int locals[64] = {};
  __asm__ volatile("" ::"r"(locals) : "memory");
  for (int& local : locals) local++;
  __asm__ volatile("" ::"r"(locals) : "memory");
}

int main() {
  start();
  Thread thread([] {
    lateWrite();
    stepAdvance();
  });
  stepWait(1);
  next();
  thread.join();
}
