// Tens of thousands of longjmps over several frames, with setjmp, _setjmp and sigsetjmp.
#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>

#include "schedule.h"

__attribute__((noinline)) static void jumper(jmp_buf* target, int depth) {
  if (depth == 0) longjmp(*target, 1);
  jumper(target, depth - 1);
  __asm__ volatile("");
}
__attribute__((noinline)) static void underscoreJumper(jmp_buf* target, int depth) {
  if (depth == 0) _longjmp(*target, 1);
  underscoreJumper(target, depth - 1);
  __asm__ volatile("");
}
__attribute__((noinline)) static void signalJumper(sigjmp_buf* target, int depth) {
  if (depth == 0) siglongjmp(*target, 1);
  signalJumper(target, depth - 1);
  __asm__ volatile("");
}
static void* worker(void* unused) {
  for (volatile int i = 0; i < 3000; i++) {
    jmp_buf target;
    sigjmp_buf signal_target;
    if (setjmp(target) == 0) jumper(&target, 10);
    if (_setjmp(target) == 0) underscoreJumper(&target, 10);
    if (sigsetjmp(signal_target, i % 50 == 0) == 0) signalJumper(&signal_target, 10);
  }
  return unused;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, worker, NULL);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  return 0;
}
