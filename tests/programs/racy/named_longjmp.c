// After longjmp out of several frames, the stack does not contain them any more.
// EXPECT: races=1
// EXPECT: contains "afterJump"
// EXPECT: contains "recoverAndCount"
// EXPECT: not-contains "jumper"
#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>

#include "schedule.h"

int errors;

__attribute__((noinline)) static void jumper(jmp_buf* target, int depth) {
  if (depth == 0) longjmp(*target, 1);
  jumper(target, depth - 1);
  __asm__ volatile("");
}
__attribute__((noinline)) static void afterJump(void) {
  errors++;
  __asm__ volatile("");
}
__attribute__((noinline)) static void recoverAndCount(void) {
  jmp_buf target;
  if (setjmp(target) == 0) jumper(&target, 7);
  afterJump();
  __asm__ volatile("");
}
static void* worker(void* unused) {
  recoverAndCount();
  stepAdvance();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, worker, NULL);
  stepWait(1);
  errors = 0;
  pthread_join(thread, NULL);
  return 0;
}
