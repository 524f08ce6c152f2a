// sync_join_order.c - what a thread did happens before the join that reaps it, and only then.
// Clean: the parent joins the thread that wrote.
#include <pthread.h>

#include "schedule.h"

static int value;

static void* writeIt(void* unused) {
  value = 1;
  stepAdvance();
  return unused;
}

static void* idle(void* unused) {
  stepWait(1);
  return unused;
}

int main(void) {
  pthread_t writer, other;
  pthread_create(&writer, 0, writeIt, 0);
  pthread_create(&other, 0, idle, 0);
  pthread_join(writer, 0);
  int seen = value;
  pthread_join(other, 0);
  return seen == 1 ? 0 : 1;
}
