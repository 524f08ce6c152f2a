// A handler allocates memory: the allocator may be in the middle of something. The stack goes on to what
// was interrupted.
// EXPECT: reports=1
// EXPECT: contains "WARNING: UNSAFE CALL IN A SIGNAL HANDLER"
// EXPECT: contains "Main thread calls malloc in a handler of signal 10:"
// EXPECT: at=MALLOC
// EXPECT: at=KILL
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

void* volatile block;

static void handler(int signal) {
  (void)signal;
  block = malloc(10); // at: MALLOC
}

int main(void) {
  signal(SIGUSR1, handler);
  kill(getpid(), SIGUSR1); // at: KILL
  free(block);
  return 0;
}
