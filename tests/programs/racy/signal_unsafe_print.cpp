// A handler prints through a stream, in a thread.
// EXPECT: reports=1
// EXPECT: contains "Thread 1 calls printf in a handler of signal 12:"
// EXPECT: at=PRINT
#include <signal.h>
#include <stdio.h>

#include "threads.h"

static void handler(int) {
  printf("interrupted %d\n", 1);  // at: PRINT
}

int main() {
  signal(SIGUSR2, handler);
  Thread thread([] { pthread_kill(pthread_self(), SIGUSR2); });
  thread.join();
}
