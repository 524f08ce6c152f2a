// sync_destroy_c11.c - C11's mutex and condition are destroyed by a thread that has joined the other one.
// Clean: unlock and signal happened before.
#include <threads.h>

#include "schedule.h"

static mtx_t mutex;
static cnd_t condition;

static int use(void* unused) {
  mtx_lock(&mutex);
  mtx_unlock(&mutex);
  cnd_signal(&condition);
  stepAdvance();
  return unused != NULL;
}

int main(void) {
  thrd_t thread;
  mtx_init(&mutex, mtx_plain);
  cnd_init(&condition);
  thrd_create(&thread, use, NULL);
  stepWait(1);
  thrd_join(thread, NULL);
  mtx_destroy(&mutex);
  cnd_destroy(&condition);
  return 0;
}
