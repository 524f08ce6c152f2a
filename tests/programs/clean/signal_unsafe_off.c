// The check is switched off.
// ENV: HINDSIGHT=report_signal_unsafe=0
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void handler(int signal) {
  (void)signal;
  free(malloc(10));
}

int main(void) {
  signal(SIGUSR1, handler);
  kill(getpid(), SIGUSR1);
  return 0;
}
