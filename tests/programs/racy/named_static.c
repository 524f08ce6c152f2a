/* Static variables of C, in a function and in the file, by their names in the source. */
// EXPECT: races=2
// EXPECT: contains ", variable 'visits[1].last' ("
// EXPECT: contains ", variable 'hidden.first' ("
#include <pthread.h>

#include "schedule.h"

struct visit {
  int count;
  long last;
};
static struct {
  short first, second;
} hidden;

static void access_both(long value) {
  static struct visit visits[3];
  visits[1].last = value;
  hidden.first = (short)value;
  USE_VALUE(visits);
  USE_VALUE(&hidden);
}

static void *run(void *argument) {
  stepWait(argument == NULL ? 0 : 1);
  access_both(argument == NULL);
  stepAdvance();
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, run, NULL);
  pthread_create(&second, NULL, run, &hidden);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
