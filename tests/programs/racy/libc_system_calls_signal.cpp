// libc_system_calls_signal.cpp - a signal is sent and taken by syscall().
// Racy: what follows the sending is not ordered.
// EXPECT: races=1
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

static void send() { must(syscall(SYS_kill, getpid(), SIGUSR1) == 0); }

static void take(sigset_t set) {
  siginfo_t info;
  must(syscall(SYS_rt_sigtimedwait, &set, &info, nullptr, 8) == SIGUSR1);
}

int data;

int main() {
  sigset_t set;
  must(sigemptyset(&set) == 0 && sigaddset(&set, SIGUSR1) == 0);
  must(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
  runThreads(
      [] {
        send();
        data = 1;
        stepAdvance();
      },
      [set] {
        stepWait(1);
        take(set);
        data = 2;
      });
  return 0;
}
