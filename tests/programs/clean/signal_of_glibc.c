// What signal() and sysv_signal() do with their arguments is what glibc's do: SIG_ERR is no
// handler, and the action that signal() makes names the signal in its mask, where a program that
// asks for it finds it.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stddef.h>

static void nothing(int signal) { (void)signal; }

int main(void) {
  struct sigaction action;
  errno = 0;
  if (signal(SIGUSR1, SIG_ERR) != SIG_ERR || errno != EINVAL) return 1;
  errno = 0;
  if (sysv_signal(SIGUSR1, SIG_ERR) != SIG_ERR || errno != EINVAL) return 2;
  errno = 0;
  if (signal(0, nothing) != SIG_ERR || errno != EINVAL) return 3;
  errno = 0;
  if (signal(SIGKILL, nothing) != SIG_ERR || errno != EINVAL) return 4;
  if (signal(SIGUSR1, nothing) != SIG_DFL || sigaction(SIGUSR1, NULL, &action) != 0) return 5;
  if (!sigismember(&action.sa_mask, SIGUSR1) || sigismember(&action.sa_mask, SIGUSR2)) return 6;
  if ((action.sa_flags & SA_RESTART) == 0 || action.sa_handler != nothing) return 7;
  if (sysv_signal(SIGUSR1, SIG_IGN) != nothing || sigaction(SIGUSR1, NULL, &action) != 0) return 8;
  if (sigismember(&action.sa_mask, SIGUSR1)) return 9;
  return 0;
}
