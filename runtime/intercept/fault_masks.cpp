#include "intercept/fault_masks.h"

#include <fcntl.h>
#include <signal.h>
#include <ucontext.h>

#include "base/spin_lock.h"
#include "intercept/cancel_signal.h"
#include "intercept/taken_faults.h"
#include "platform/syscalls.h"
#include "threads/thread.h"

namespace hindsight {
namespace {

constinit KernelAction library{};  // the C library's, if it has one
constinit u32 sent = 0, heard = 0;

void onNotice(int signal, siginfo_t* info, void* opaque) {
  if (info->si_code == SI_QUEUE && info->si_value.sival_ptr == &heard) {
    unblockFaults(*static_cast<ucontext_t*>(opaque));
    __atomic_fetch_add(&heard, 1, __ATOMIC_RELEASE);  // pairs with: unblockFaultsOfOthers
  } else if (library.handler != nullptr) {
    library.handler(signal, info, opaque);
  }
}

/// Writes /proc/self/task/TID/status to `path`.
void statusPath(int tid, char (&path)[48]) {
  char digits[10];
  u32 first = sizeof(digits);
  for (u32 rest = static_cast<u32>(tid); first == sizeof(digits) || rest != 0; rest /= 10)
    digits[--first] = static_cast<char>('0' + rest % 10);
  char* to = path;
  for (const char* from = "/proc/self/task/"; *from != 0; ++from) *to++ = *from;
  while (first < sizeof(digits)) *to++ = digits[first++];
  for (const char* from = "/status"; *from != 0; ++from) *to++ = *from;
  *to = 0;
}

/// The mask that follows "SigBlk:\t" in a thread's status; all signals if nobody knows.
u64 maskOf(int tid) {
  char path[48], text[2048];
  statusPath(tid, path);
  const sptr fd = sysOpen(path, O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return ~0ull;
  const sptr size = sysRead(static_cast<int>(fd), text, sizeof(text));
  sysClose(static_cast<int>(fd));
  constexpr char kName[] = "SigBlk:\t";
  constexpr sptr kNameBytes = sizeof(kName) - 1, kDigits = 16;
  for (sptr at = 0; at + kNameBytes + kDigits <= size; ++at) {
    if (__builtin_memcmp(text + at, kName, kNameBytes) != 0) continue;
    u64 mask = 0;
    for (sptr i = 0; i < kDigits; ++i) {
      const char digit = text[at + kNameBytes + i];
      mask = mask << 4 | static_cast<u64>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return mask;
  }
  return ~0ull;
}

bool blocksFaults(const Thread& thread) {
  const int tid = thread.os_tid;
  if (thread.state != ThreadState::Running || thread.is_fiber || tid == 0 || tid == sysGettid())
    return false;
  return (maskOf(tid) >> (SIGSEGV - 1) & 1) != 0;
}

bool someBlockFaults() {
  bool found = false;
  forEachThread(
      [](Thread& thread, void* argument) { *static_cast<bool*>(argument) |= blocksFaults(thread); },
      &found);
  return found;
}

void notify(Thread& thread, void*) {
  if (!blocksFaults(thread)) return;
  siginfo_t info{};
  info.si_signo = kCancelSignal;
  info.si_code = SI_QUEUE;
  info.si_value.sival_ptr = &heard;
  const sptr result =
      sysCall(SYS_rt_tgsigqueueinfo, static_cast<uptr>(sysGetpid()),
              static_cast<uptr>(thread.os_tid), kCancelSignal, reinterpret_cast<uptr>(&info));
  if (!syscallFailed(result)) ++sent;
}

}  // namespace

void unblockFaultsOfOthers() {
  lockRegistry();
  const bool is_needed = someBlockFaults();
  unlockRegistry();
  KernelAction ours{};
  // Any action of the C library's has its way to return from a handler.
  if (!is_needed || syscallFailed(sysRtSigaction(SIGSEGV, nullptr, &ours)) ||
      syscallFailed(sysRtSigaction(kCancelSignal, nullptr, &library)))
    return;
  ours.handler = onNotice;
  ours.flags |= SA_RESTART;
  ours.flags &= ~static_cast<unsigned long>(SA_ONSTACK);
  if (syscallFailed(sysRtSigaction(kCancelSignal, &ours, nullptr))) return;
  lockRegistry();
  forEachThread(notify, nullptr);
  unlockRegistry();
  constexpr u32 kPatience = 1000;  // ms
  for (u32 round = 0; __atomic_load_n(&heard, __ATOMIC_ACQUIRE) != sent; ++round) {
    if (round == kPatience) return;  // whoever hears of it later must find the handler
    const long a_while[2] = {0, 1'000'000};
    sysNanosleep(a_while, nullptr);
  }
  // A thread that has been cancelled meanwhile, as the first of all, has brought the C library's
  // handler.
  KernelAction now{};
  if (!syscallFailed(sysRtSigaction(kCancelSignal, nullptr, &now)) && now.handler == onNotice)
    sysRtSigaction(kCancelSignal, &library, nullptr);
}

}  // namespace hindsight
