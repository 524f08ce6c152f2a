// The check is switched off.
// ENV: HINDSIGHT=report_errno_in_signal=0
#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void spoils(int signal) {
  (void)signal;
  close(-1);
}

int main(void) {
  signal(SIGUSR1, spoils);
  errno = 0;
  kill(getpid(), SIGUSR1);
  return errno == EBADF ? 0 : 1;
}
