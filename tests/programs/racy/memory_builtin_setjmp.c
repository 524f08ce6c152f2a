// A global is written before __builtin_setjmp and, behind __builtin_longjmp, again.
// Another thread is ordered behind the first write only.
// EXPECT: races=1
// ONLY: -O0 -O2
#include <pthread.h>

#include "../schedule.h"

int value;
void* buffer[5];
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void passMutex(void) {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
}

__attribute__((noinline)) static void jump(void) {
  passMutex();
  stepAdvance();
  stepWait(2);
  __builtin_longjmp(buffer, 1);
}

__attribute__((noinline)) static void writeTwice(int* place) {
  *place = 1;
  if (__builtin_setjmp(buffer) == 0) jump();
  *place = 2;
}

static void* look(void* unused) {
  stepWait(1);
  passMutex();  // ordered behind the first write
  stepAdvance();
  stepWait(3);
  USE_VALUE(value);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, look, 0);
  writeTwice(&value);
  passMutex();
  stepAdvance();
  pthread_join(thread, 0);
  return 0;
}
