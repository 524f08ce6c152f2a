// sync_alone_unseen.c - the only thread left is not alone if it has not seen another one's end.
// Racy: a detached thread writes and ends; the parent, which has joined all others, reads.
#include <pthread.h>

#include "schedule.h"

static int value;

static void* writeIt(void* unused) {
  value = 1;
  stepAdvance();
  return unused;
}

static void* idle(void* unused) { return unused; }

int main(void) {
  pthread_t writer, other;
  pthread_create(&writer, 0, writeIt, 0);
  pthread_detach(writer);
  stepWait(1);
  pthread_create(&other, 0, idle, 0);
  pthread_join(other, 0);
  return value == 1 ? 0 : 1;
}
