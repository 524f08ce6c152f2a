// System calls whose command says what they read and write.
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/quota.h>
#include <sys/timex.h>

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
sock_fprog program;
sock_filter instructions[2] = {{0xffff, 0, 0, 0}, {0xffff, 0, 0, 0}};  // the kernel refuses them
__user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
__user_cap_header_struct other_process{_LINUX_CAPABILITY_VERSION_3, 1};
__user_cap_header_struct unknown;
__user_cap_data_struct capabilities[2];
ntptimeval now;

constexpr Case kCases[] = {
    {"prctl set name", [] { prctl(PR_SET_NAME, name); }, [] { name[6] = 'x'; }},
    {"prctl get name", [] { prctl(PR_GET_NAME, name); }, [] { name[15] = 0; }},
    {"prctl death signal", [] { prctl(PR_GET_PDEATHSIG, &death_signal); },
     [] { death_signal = 0; }},
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
};

int main() { orderCases(kCases); }
