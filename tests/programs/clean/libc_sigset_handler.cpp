// Handlers installed by sigset and sysv_signal run as their thread.
#include <signal.h>
#include <stdlib.h>

#include "threads.h"

int handled[4];

void onFirst(int) { handled[0]++; }
void onSecond(int) { handled[1]++; }

int main() {
  sigset(SIGUSR1, onFirst);
  sysv_signal(SIGUSR2, onSecond);
  siginterrupt(SIGUSR1, 1);
  runOrdered(
      [] {
        raise(SIGUSR1);
        raise(SIGUSR2);
      },
      [] {
        handled[0] = 0;
        handled[1] = 0;
      });
  // The handler of SIGUSR2 was for one signal.
  struct sigaction now;
  sigaction(SIGUSR2, nullptr, &now);
  if (now.sa_handler != SIG_DFL) abort();
  if (sigset(SIGUSR1, SIG_HOLD) != onFirst || sigset(SIGUSR1, SIG_IGN) != SIG_HOLD) abort();
}
