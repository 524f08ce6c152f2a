// Signal sets are objects like any other; masks and waits read and write them.
#include <errno.h>
#include <signal.h>

#include "libc_cases.h"

sigset_t set, other, old;
stack_t old_stack;
siginfo_t info;
int signal_number;
timespec timeout;

void raiseBlocked() {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &one, nullptr);
  raise(SIGUSR1);
}

constexpr Case kCases[] = {
    {"sigemptyset", [] { sigemptyset(&set); }, [] { sigfillset(&set); }},
    {"sigaddset", [] { sigaddset(&set, SIGUSR1); }, [] { keep(sigismember(&set, SIGUSR1)); }},
    {"sigorset", [] { sigorset(&old, &set, &other); }, [] { sigemptyset(&other); }},
    {"sigprocmask", [] { pthread_sigmask(SIG_BLOCK, nullptr, &old); }, [] { sigemptyset(&old); }},
    {"pthread_sigmask", [] { pthread_sigmask(SIG_BLOCK, &other, nullptr); },
     [] { sigemptyset(&other); }},
    {"sigpending", [] { sigpending(&old); }, [] { sigemptyset(&old); }},
    {"sigaltstack", [] { sigaltstack(nullptr, &old_stack); }, [] { old_stack.ss_flags = 0; }},
    {"sigwait",
     [] {
       raiseBlocked();
       sigset_t one;
       sigemptyset(&one);
       sigaddset(&one, SIGUSR1);
       sigwait(&one, &signal_number);
     },
     [] { signal_number = 0; }},
    {"sigtimedwait",
     [] {
       raiseBlocked();
       sigset_t one;
       sigemptyset(&one);
       sigaddset(&one, SIGUSR1);
       sigtimedwait(&one, &info, nullptr);
     },
     [] { info.si_signo = 0; }},
};

/// Beside what the calls access: quiet without any order.
constexpr Case kNeighbours[] = {
    {"two readers", [] { keep(sigismember(&set, SIGUSR1)); },
     [] { pthread_sigmask(SIG_BLOCK, &set, nullptr); }},
};

int main() {
  orderCases(kCases);
  raceCases(kNeighbours);
}
