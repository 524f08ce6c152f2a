// A thread made by a thread made by main.
// EXPECT: races=1
// EXPECT: at=first
// EXPECT: at=second
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

int shared_value;

void* grandchild(void* unused) {
  shared_value = 1;
  stepAdvance();
  return unused;
}
void* child(void* unused) {
  pthread_t thread;
  pthread_create(&thread, NULL, grandchild, NULL);  // at: second
  stepWait(1);
  shared_value = 2;
  pthread_join(thread, NULL);
  return unused;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, NULL, child, NULL);  // at: first
  pthread_join(thread, NULL);
}
