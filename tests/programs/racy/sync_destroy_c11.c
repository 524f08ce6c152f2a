// sync_destroy_c11.c - C11's mutex and condition are destroyed by a thread that has not seen the other one's
// unlock and signal.
// Racy: those could as well come after the destruction.
// EXPECT: reports=2
// EXPECT: contains "WARNING: DESTROY OF A MUTEX RACES WITH ITS UNLOCK"
// EXPECT: at=LOCK
// EXPECT: at=SIGNAL
#include <threads.h>

#include "schedule.h"

static mtx_t mutex;
static cnd_t condition;

static int use(void* unused) {
  mtx_lock(&mutex);  // at: LOCK
  mtx_unlock(&mutex);
  cnd_signal(&condition);  // at: SIGNAL
  stepAdvance();
  return unused != NULL;
}

int main(void) {
  thrd_t thread;
  mtx_init(&mutex, mtx_plain);
  cnd_init(&condition);
  thrd_create(&thread, use, NULL);
  stepWait(1);
  mtx_destroy(&mutex);
  cnd_destroy(&condition);
  thrd_join(thread, NULL);
  return 0;
}
