// sync_once_nested.cpp - an initialiser that makes a once call of its own; four threads at once.
// Clean: every user goes through the outer once.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_once_t outer = PTHREAD_ONCE_INIT;
pthread_once_t inner = PTHREAD_ONCE_INIT;
int outer_value, inner_value;

void initialiseInner() { ++inner_value; }
void initialiseOuter() {
  pthread_once(&inner, initialiseInner);
  outer_value += inner_value;
}

int main() {
  runThreadsIndexed(4, [](int) {
    barrierUninstrumented(4);
    pthread_once(&outer, initialiseOuter);
    if (outer_value != 1 || inner_value != 1) abort();
  });
  return 0;
}
