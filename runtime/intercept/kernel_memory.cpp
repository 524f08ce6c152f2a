// Rules of the calls that do nothing but read and write the caller's memory.
//
// One line for each: what the kernel reads and writes, by argument. Small objects are read before
// the call. Text and arrays are looked at when the kernel has found them to be there; that is no
// less true, as nothing that such a call does tells another thread that they have been read.
#include "intercept/libc_headers.h"

#include <linux/capability.h>
#include <utime.h>

#include "intercept/kernel_numbers.h"
#include "intercept/kernel_rules.h"

namespace hindsight {
namespace {

struct Part {
  enum Kind : u8 {
    None,
    Reads,         // an object
    Writes,        // an object, if the call succeeds
    WritesRest,    // what is left of the time, if a signal ends it
    ReadsText,     // with its terminator
    ReadsArray,    // as many elements as another argument says
    WritesArray,   //
    WritesResult,  // as many elements as the result says, and at most as many as another argument
  };
  Kind kind;
  u8 at;        // the argument that points to it
  u8 count_at;  // the one that says how many
  u16 bytes;    // of it, or of an element
};

struct KernelMemory {
  long number;
  Part parts[4];
};

template <class Object>
constexpr Part reads(u8 at) {
  return {Part::Reads, at, 0, sizeof(Object)};
}
template <class Object>
constexpr Part writes(u8 at) {
  return {Part::Writes, at, 0, sizeof(Object)};
}
constexpr Part writesRest(u8 at) { return {Part::WritesRest, at, 0, sizeof(timespec)}; }
constexpr Part text(u8 at) { return {Part::ReadsText, at, 0, 0}; }
template <class Element>
constexpr Part readsArray(u8 at, u8 count_at) {
  return {Part::ReadsArray, at, count_at, sizeof(Element)};
}
template <class Element>
constexpr Part writesArray(u8 at, u8 count_at) {
  return {Part::WritesArray, at, count_at, sizeof(Element)};
}
template <class Element = char>
constexpr Part writesResult(u8 at, u8 count_at) {
  return {Part::WritesResult, at, count_at, sizeof(Element)};
}

// The kernel's own, where the C library's differs.
using SignalSet = u64;
struct SignalAction {
  u64 handler, flags, restorer;
  SignalSet mask;
};
using Capabilities = __user_cap_data_struct[_LINUX_CAPABILITY_U32S_1];  // newer versions have two
struct WaitInfo {  // what waitid stores of a siginfo_t: up to si_status
  int fields[7];
};
struct FreeSpace {  // ustat
  int blocks;
  u64 nodes;
  char name[6], pack[6];
};
struct AioControl {
  char bytes[64];
};
struct AioEvent {
  u64 data, object, result, result2;
};
struct TimePair {
  timeval access, change;
};
struct TimespecPair {
  timespec access, change;
};

constexpr KernelMemory kTable[] = {
    // Time
    {SYS_time, {writes<time_t>(0)}},
    {SYS_gettimeofday, {writes<timeval>(0), writes<struct timezone>(1)}},
    {SYS_settimeofday, {reads<timeval>(0), reads<struct timezone>(1)}},
    {SYS_adjtimex, {reads<timex>(0), writes<timex>(0)}},
    {SYS_times, {writes<tms>(0)}},
    {SYS_nanosleep, {reads<timespec>(0), writesRest(1)}},
    {SYS_clock_nanosleep, {reads<timespec>(2), writesRest(3)}},
    {SYS_clock_settime, {reads<timespec>(1)}},
    {SYS_clock_gettime, {writes<timespec>(1)}},
    {SYS_clock_getres, {writes<timespec>(1)}},
    {SYS_clock_adjtime, {reads<timex>(1), writes<timex>(1)}},
    {SYS_getitimer, {writes<itimerval>(1)}},
    {SYS_setitimer, {reads<itimerval>(1), writes<itimerval>(2)}},
    {SYS_timer_create, {reads<sigevent>(1), writes<int>(2)}},
    {SYS_timer_gettime, {writes<itimerspec>(1)}},
    {SYS_timer_settime, {reads<itimerspec>(2), writes<itimerspec>(3)}},
    {SYS_timerfd_gettime, {writes<itimerspec>(1)}},
    // Processes
    {SYS_getresuid, {writes<uid_t>(0), writes<uid_t>(1), writes<uid_t>(2)}},
    {SYS_getresgid, {writes<gid_t>(0), writes<gid_t>(1), writes<gid_t>(2)}},
    {SYS_getgroups, {writesResult<gid_t>(1, 0)}},
    {SYS_setgroups, {readsArray<gid_t>(1, 0)}},
    {SYS_capget, {reads<__user_cap_header_struct>(0), writes<Capabilities>(1)}},
    {SYS_capset, {reads<__user_cap_header_struct>(0), reads<Capabilities>(1)}},
    {SYS_sched_setscheduler, {reads<sched_param>(2)}},
    {SYS_sched_setparam, {reads<sched_param>(1)}},
    {SYS_sched_getparam, {writes<sched_param>(1)}},
    {SYS_sched_setaffinity, {readsArray<char>(2, 1)}},
    {SYS_sched_getaffinity, {writesResult(2, 1)}},
    {SYS_sched_rr_get_interval, {writes<timespec>(1)}},
    {SYS_waitid, {writes<WaitInfo>(2)}},
    {SYS_getrlimit, {writes<rlimit>(1)}},
    {SYS_setrlimit, {reads<rlimit>(1)}},
    {SYS_prlimit64, {reads<rlimit>(2), writes<rlimit>(3)}},
    {SYS_getrusage, {writes<rusage>(1)}},
    {SYS_getcpu, {writes<u32>(0), writes<u32>(1)}},
    {SYS_get_robust_list, {writes<void*>(1), writes<size_t>(2)}},
    // Signals
    {SYS_rt_sigprocmask, {reads<SignalSet>(1), writes<SignalSet>(2)}},
    {SYS_rt_sigpending, {writes<SignalSet>(0)}},
    {SYS_rt_sigaction, {reads<SignalAction>(1), writes<SignalAction>(2)}},
    {SYS_sigaltstack, {reads<stack_t>(0), writes<stack_t>(1)}},
    // The system
    {SYS_acct, {text(0)}},
    {SYS_mount, {text(0), text(1), text(2)}},
    {SYS_umount2, {text(0)}},
    {SYS_pivot_root, {text(0), text(1)}},
    {SYS_swapon, {text(0)}},
    {SYS_swapoff, {text(0)}},
    {SYS_uselib, {text(0)}},
    {SYS_quotactl, {text(1)}},
    {SYS_init_module, {readsArray<char>(0, 1), text(2)}},
    {SYS_delete_module, {text(0)}},
    {SYS_sethostname, {readsArray<char>(0, 1)}},
    {SYS_setdomainname, {readsArray<char>(0, 1)}},
    {SYS_uname, {writes<utsname>(0)}},
    {SYS_sysinfo, {writes<struct sysinfo>(0)}},
    {SYS_syslog, {writesResult(1, 2)}},
    {SYS_add_key, {text(0), text(1), readsArray<char>(2, 3)}},
    {SYS_request_key, {text(0), text(1), text(2)}},
    {SYS_get_mempolicy, {writes<int>(0)}},
    {SYS_move_pages, {readsArray<void*>(2, 1), readsArray<int>(3, 1), writesArray<int>(4, 1)}},
    {SYS_lookup_dcookie, {writesResult(1, 2)}},
    // Files
    {SYS_truncate, {text(0)}},
    {SYS_stat, {text(0), writes<struct stat>(1)}},
    {SYS_lstat, {text(0), writes<struct stat>(1)}},
    {SYS_fstat, {writes<struct stat>(1)}},
    {SYS_newfstatat, {text(1), writes<struct stat>(2)}},
    {SYS_statfs, {text(0), writes<struct statfs>(1)}},
    {SYS_fstatfs, {writes<struct statfs>(1)}},
    {SYS_ustat, {writes<FreeSpace>(1)}},
    {SYS_access, {text(0)}},
    {SYS_faccessat, {text(1)}},
    {SYS_chmod, {text(0)}},
    {SYS_fchmodat, {text(1)}},
    {SYS_chown, {text(0)}},
    {SYS_lchown, {text(0)}},
    {SYS_fchownat, {text(1)}},
    {SYS_utime, {text(0), reads<utimbuf>(1)}},
    {SYS_utimes, {text(0), reads<TimePair>(1)}},
    {SYS_futimesat, {text(1), reads<TimePair>(2)}},
    {SYS_utimensat, {text(1), reads<TimespecPair>(2)}},
    {SYS_readlink, {text(0), writesResult(1, 2)}},
    {SYS_readlinkat, {text(1), writesResult(2, 3)}},
    {SYS_getcwd, {writesResult(0, 1)}},
    {SYS_getdents, {writesResult(1, 2)}},
    {SYS_getdents64, {writesResult(1, 2)}},
    {SYS_chdir, {text(0)}},
    {SYS_chroot, {text(0)}},
    {SYS_mkdir, {text(0)}},
    {SYS_mkdirat, {text(1)}},
    {SYS_rmdir, {text(0)}},
    {SYS_mknod, {text(0)}},
    {SYS_mknodat, {text(1)}},
    {SYS_link, {text(0), text(1)}},
    {SYS_linkat, {text(1), text(3)}},
    {SYS_symlink, {text(0), text(1)}},
    {SYS_symlinkat, {text(0), text(2)}},
    {SYS_rename, {text(0), text(1)}},
    {SYS_renameat, {text(1), text(3)}},
    {SYS_unlink, {text(0)}},
    {SYS_unlinkat, {text(1)}},
    {SYS_setxattr, {text(0), text(1), readsArray<char>(2, 3)}},
    {SYS_lsetxattr, {text(0), text(1), readsArray<char>(2, 3)}},
    {SYS_fsetxattr, {text(1), readsArray<char>(2, 3)}},
    {SYS_getxattr, {text(0), text(1), writesResult(2, 3)}},
    {SYS_lgetxattr, {text(0), text(1), writesResult(2, 3)}},
    {SYS_fgetxattr, {text(1), writesResult(2, 3)}},
    {SYS_listxattr, {text(0), writesResult(1, 2)}},
    {SYS_llistxattr, {text(0), writesResult(1, 2)}},
    {SYS_flistxattr, {writesResult(1, 2)}},
    {SYS_removexattr, {text(0), text(1)}},
    {SYS_lremovexattr, {text(0), text(1)}},
    {SYS_fremovexattr, {text(1)}},
    {SYS_inotify_add_watch, {text(1)}},
    {SYS_fanotify_mark, {text(4)}},
    {SYS_name_to_handle_at, {text(1), writes<int>(3)}},
    // Asynchronous input and output: without the data
    {SYS_io_setup, {reads<u64>(1), writes<u64>(1)}},
    {SYS_io_submit, {readsArray<AioControl*>(2, 1)}},
    {SYS_io_cancel, {reads<AioControl>(1), writes<AioEvent>(2)}},
    {SYS_io_getevents, {reads<timespec>(4), writesResult<AioEvent>(3, 2)}},
    // Message queues
    {SYS_mq_unlink, {text(0)}},
    {SYS_mq_notify, {reads<sigevent>(1)}},
    {SYS_mq_getsetattr, {reads<mq_attr>(1), writes<mq_attr>(2)}},
};

constexpr long kNumbers = 512;

/// Where each number's line is, counted from 1.
struct Lines {
  u8 of[kNumbers];
};

consteval Lines linesOfTable() {
  Lines lines{};
  u8 line = 0;
  for (const KernelMemory& entry : kTable) {
    ++line;
    if (entry.number >= 0) lines.of[entry.number] = line;
  }
  return lines;
}

constexpr Lines kLines = linesOfTable();
static_assert(sizeof kTable / sizeof *kTable < 256);

const Part (&partsOf(const KernelCall& made))[4] {
  return kTable[kLines.of[made.number] - 1].parts;
}

size_t countOf(const KernelCall& made, const Part& part) { return size(made.at[part.count_at]); }

void memoryStarts(InterceptedCall& call, KernelCall& made) {
  for (const Part& part : partsOf(made)) {
    const void* const memory = pointer<void>(made.at[part.at]);
    if (part.kind == Part::Reads && mayLook(memory)) call.reads(memory, part.bytes);
  }
}

void partDone(InterceptedCall& call, const KernelCall& made, const Part& part, size_t result) {
  const void* const memory = pointer<void>(made.at[part.at]);
  switch (part.kind) {
    case Part::Writes: return writesBytes(call, memory, part.bytes);
    case Part::ReadsText: return readsText(call, pointer<char>(made.at[part.at]));
    case Part::ReadsArray: return readsBytes(call, memory, countOf(made, part) * part.bytes);
    case Part::WritesArray: return writesBytes(call, memory, countOf(made, part) * part.bytes);
    case Part::WritesResult:
      return writesBytes(call, memory, min(result, countOf(made, part)) * part.bytes);
    default: return;
  }
}

void memoryDone(InterceptedCall& call, const KernelCall& made, long result) {
  for (const Part& part : partsOf(made)) {
    if (result >= 0) partDone(call, made, part, size(result));
    if (result == -EINTR && part.kind == Part::WritesRest)
      writesObject(call, pointer<timespec>(made.at[part.at]));
  }
}

constexpr KernelRule kMemory{memoryStarts, memoryDone};

}  // namespace

const KernelRule* kernelMemoryRule(long number) {
  const bool has_line = number >= 0 && number < kNumbers && kLines.of[number] != 0;
  return has_line ? &kMemory : nullptr;
}

}  // namespace hindsight
