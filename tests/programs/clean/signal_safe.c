// Handlers that do what they may: write, set flags, keep errno; and a handler that jumps out, after which
// the program may do what it likes. A signal that a program with one thread raises is no surprise.
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

volatile sig_atomic_t seen;
sigjmp_buf back;

static void keeps(int signal) {
  const int before = errno;
  seen = signal;
  if (close(-1) == 0) abort();
  errno = before;
}

static void jumps(int signal) {
  (void)signal;
  siglongjmp(back, 1);
}

static void prints(int signal) { printf("signal %d\n", signal); }

int main(void) {
  signal(SIGUSR1, keeps);
  kill(getpid(), SIGUSR1);
  signal(SIGUSR2, jumps);
  if (sigsetjmp(back, 1) == 0) kill(getpid(), SIGUSR2);
  free(malloc(10));
  printf("after the jump\n");
  signal(SIGHUP, prints);
  raise(SIGHUP);
  return 0;
}
