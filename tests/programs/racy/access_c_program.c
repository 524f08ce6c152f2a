// A C program: two threads fill the same packet.
// EXPECT: races=1
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

struct Packet {
  unsigned short length;
  unsigned char payload[];
};

static void* first(void* argument) {
  ((struct Packet*)argument)->payload[9] = 1;
  stepAdvance();
  return NULL;
}
static void* second(void* argument) {
  stepWait(1);
  ((struct Packet*)argument)->payload[9] = 2;
  return NULL;
}

int main(void) {
  pthread_t threads[2];
  struct Packet* packet = malloc(sizeof *packet + 10);
  pthread_create(&threads[0], NULL, first, packet);
  pthread_create(&threads[1], NULL, second, packet);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  free(packet);
  return 0;
}
