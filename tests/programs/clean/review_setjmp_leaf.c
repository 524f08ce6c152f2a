// A function that ends right after setjmp, a million times: the shadow stack does not grow.
#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>

static jmp_buf place;

__attribute__((noinline)) static int marks(void) { return setjmp(place); }
static void* run(void* unused) {
  int sum = 0;
  for (int i = 0; i < 3000000; i++) sum += marks();
  return sum == 0 ? unused : NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, run, NULL);
  pthread_join(thread, NULL);
  return 0;
}
