// What the system and the process tell is written where the caller wants it.
// EXPECT: races=19
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "libc_cases.h"

utsname names;
struct sysinfo info;
rlimit limit, old_limit;
rusage usage;
tms ticks;
struct statfs file_system;
struct statvfs volume;
struct statx extended;
unsigned char noise[64], residency[4];
double load[3];
gid_t groups[256];
uid_t real_uid, effective, saved;
cpu_set_t processors;
sched_param parameters;
char directory[4096];
char page[4096] __attribute__((aligned(4096)));

constexpr Case kCases[] = {
    {"uname", [] { uname(&names); }, [] { names.machine[0] = 0; }},
    {"sysinfo", [] { sysinfo(&info); }, [] { info.uptime = 0; }},
    {"getrlimit", [] { getrlimit(RLIMIT_CORE, &limit); }, [] { limit.rlim_max = 0; }},
    {"setrlimit", [] { setrlimit(RLIMIT_CORE, &limit); }, [] { limit.rlim_cur = 0; }},
    {"prlimit", [] { prlimit(0, RLIMIT_CORE, nullptr, &old_limit); },
     [] { old_limit.rlim_cur = 0; }},
    {"getrusage", [] { getrusage(RUSAGE_SELF, &usage); }, [] { usage.ru_nivcsw = 0; }},
    {"times", [] { times(&ticks); }, [] { ticks.tms_cstime = 0; }},
    {"statfs", [] { statfs("/", &file_system); }, [] { file_system.f_type = 0; }},
    {"statvfs", [] { statvfs("/", &volume); }, [] { volume.f_bsize = 0; }},
    {"statx", [] { statx(AT_FDCWD, "/", 0, STATX_BASIC_STATS, &extended); },
     [] { extended.stx_mask = 0; }},
    {"getrandom", [] { keep(getrandom(noise, 16, 0)); }, [] { noise[15] = 0; }},
    {"getentropy", [] { keep(getentropy(noise, 16)); }, [] { noise[0] = 0; }},
    {"getloadavg", [] { keep(getloadavg(load, 1)); }, [] { load[0] = 0; }},
    {"getresuid", [] { getresuid(&real_uid, &effective, &saved); }, [] { saved = 0; }},
    {"sched_getaffinity", [] { sched_getaffinity(0, sizeof processors, &processors); },
     [] { CPU_ZERO(&processors); }},
    {"sched_getparam", [] { sched_getparam(0, &parameters); },
     [] { parameters.sched_priority = 0; }},
    {"confstr", [] { keep(confstr(_CS_PATH, directory, sizeof directory)); },
     [] { directory[0] = 0; }},
    {"getwd", [] { free(getcwd(directory, sizeof directory) == nullptr ? directory : nullptr); },
     [] { directory[0] = 0; }},
    {"mincore", [] { mincore(page, 4096, residency); }, [] { residency[0] = 0; }},
};

int main() { raceCases(kCases); }
