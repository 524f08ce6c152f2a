// What ptrace tells of a child, and is told.
#include <elf.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc_cases.h"

siginfo_t information;
unsigned long message;
char registers[4096];
iovec set{registers, sizeof registers};

/// Calls `look` with a child that has stopped for it.
template <class Look>
void traceChild(Look look) {
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  look(child);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

constexpr Case kCases[] = {
    {"ptrace information",
     [] {
       traceChild([](pid_t child) { ptrace(PTRACE_GETSIGINFO, child, nullptr, &information); });
     },
     [] { information.si_signo = 0; }},
    {"ptrace message",
     [] { traceChild([](pid_t child) { ptrace(PTRACE_GETEVENTMSG, child, nullptr, &message); }); },
     [] { message = 0; }},
    {"ptrace registers",
     [] { traceChild([](pid_t child) { ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &set); }); },
     [] { registers[0] = 0; }},
    {"ptrace length",
     [] { traceChild([](pid_t child) { ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &set); }); },
     [] { set.iov_len = sizeof registers; }},
    {"ptrace set information", [] { ptrace(PTRACE_SETSIGINFO, getpid(), nullptr, &information); },
     [] { information.si_code = 0; }},
};

int main() { orderCases(kCases); }
