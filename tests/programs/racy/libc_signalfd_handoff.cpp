// libc_signalfd_handoff.cpp - a signal that is sent happens before the read of the signalfd that it ends.
// EXPECT: races=1
// Racy: the data is written after the signal was sent.
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "threads.h"

int data;

int main() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  const int fd = signalfd(-1, &set, 0);
  runThreads(
      [] {
        kill(getpid(), SIGUSR1);
        data = 1;
        stepAdvance();
      },
      [fd] {
        signalfd_siginfo info;
        if (read(fd, &info, sizeof info) != sizeof info) abort();
        stepWait(1);
        if (data != 1) abort();
      });
}
