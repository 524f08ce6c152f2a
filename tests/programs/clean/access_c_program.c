// A C program: flexible array members, variable-length arrays, compound literals, unions.
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

struct Packet {
  unsigned short length;
  unsigned char payload[];
};
struct Pair {
  int left, right;
};

static void* work(void* argument) {
  int size = *(int*)argument;
  int local[size];
  struct Packet* packet = malloc(sizeof *packet + (size_t)size);
  struct Pair pair = (struct Pair){.left = size, .right = 0};
  packet->length = (unsigned short)size;
  for (int i = 0; i < size; i++) {
    local[i] = i;
    packet->payload[i] = (unsigned char)i;
    pair.right += local[i] + packet->payload[i];
  }
  USE_VALUE(pair.right);
  free(packet);
  return NULL;
}

int main(void) {
  pthread_t threads[4];
  int sizes[4] = {10, 100, 200, 255};
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, work, &sizes[i]);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  return 0;
}
