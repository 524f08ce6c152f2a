// Functions called through pointers in a table.
// EXPECT: races=1
// EXPECT: contains "openDoor"
// EXPECT: contains "closeDoor"
// EXPECT: contains "dispatch"
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

int door;

static void openDoor(void) { door = 1; }
static void closeDoor(void) { door = 0; }
void (*const commands[])(void) = {openDoor, closeDoor};

__attribute__((noinline)) static void dispatch(size_t command) {
  commands[command]();
  __asm__ volatile("");
}
static void* opener(void* unused) {
  volatile size_t command = 0;
  dispatch(command);
  stepAdvance();
  return unused;
}
static void* closer(void* unused) {
  volatile size_t command = 1;
  stepWait(1);
  dispatch(command);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, opener, NULL);
  pthread_create(&threads[1], NULL, closer, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
