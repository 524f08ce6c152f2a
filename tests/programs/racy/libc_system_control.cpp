// System calls whose command says what they read and write.
// EXPECT: races=21
#include <elf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/quota.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc_cases.h"

extern "C" {
int capget(cap_user_header_t header, cap_user_data_t data);
int capset(cap_user_header_t header, const cap_user_data_t data);
int init_module(void* image, unsigned long bytes, const char* parameters);
int delete_module(const char* name, unsigned flags);
}

char name[16] = "worker", parameters[] = "debug=1", module[] = "hindsight_none";
char image[64], device[] = "/dev/none", quota_file[] = "/none";
int death_signal;
int* thread_id;
sock_fprog program;
sock_filter instructions[2] = {{0xffff, 0, 0, 0}, {0xffff, 0, 0, 0}};  // the kernel refuses them
__user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
__user_cap_header_struct other_process{_LINUX_CAPABILITY_VERSION_3, 1};
__user_cap_header_struct unknown;
__user_cap_data_struct capabilities[2];
siginfo_t information;
unsigned long message;
char registers[4096];
iovec set{registers, sizeof registers};
ntptimeval now;

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
    {"prctl set name", [] { prctl(PR_SET_NAME, name); }, [] { name[6] = 'x'; }},
    {"prctl get name", [] { prctl(PR_GET_NAME, name); }, [] { name[15] = 0; }},
    {"prctl death signal", [] { prctl(PR_GET_PDEATHSIG, &death_signal); },
     [] { death_signal = 0; }},
    {"prctl thread id", [] { prctl(PR_GET_TID_ADDRESS, &thread_id); }, [] { thread_id = nullptr; }},
    {"prctl filter", [] { prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program); },
     [] { program.len = 0; }},
    {"prctl instructions",
     [] {
       sock_fprog own{2, instructions};
       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &own);
     },
     [] { instructions[1].k = 1; }},
    {"capget", [] { capget(&header, capabilities); }, [] { capabilities[1].effective = 0; }},
    {"capget header", [] { capget(&header, capabilities); }, [] { header.pid = 0; }},
    {"capget version", [] { capget(&unknown, nullptr); }, [] { keep(unknown.version); }},
    {"capset", [] { capset(&other_process, capabilities); },
     [] { capabilities[1].inheritable = 0; }},
    {"quotactl device", [] { quotactl(QCMD(Q_SYNC, USRQUOTA), device, 0, nullptr); },
     [] { device[0] = 0; }},
    {"quotactl file", [] { quotactl(QCMD(Q_QUOTAON, USRQUOTA), "/dev/none", 0, quota_file); },
     [] { quota_file[4] = 0; }},
    {"init_module", [] { init_module(image, sizeof image, parameters); }, [] { image[63] = 0; }},
    {"init_module text", [] { init_module(nullptr, 0, parameters); }, [] { parameters[0] = 0; }},
    {"delete_module", [] { delete_module(module, 0); }, [] { module[14] = 'x'; }},
    {"ntp_gettime", [] { ntp_gettime(&now); }, [] { now.maxerror = 0; }},
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

int main() { raceCases(kCases); }
