// Frames that __builtin_longjmp leaves are gone: 200,000 jumps over 20 of them each would fill any shadow stack.
// ONLY: -O0 -O2
#include <pthread.h>

void* buffer[5];
int count;

__attribute__((noinline)) static void deep(int left) {
  if (left == 0) __builtin_longjmp(buffer, 1);
  deep(left - 1);
  count++;
}

static void* jump(void* unused) {
  for (volatile int i = 0; i < 200000; i++)
    if (__builtin_setjmp(buffer) == 0) deep(20);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, jump, 0);
  pthread_join(thread, 0);
  return 0;
}
