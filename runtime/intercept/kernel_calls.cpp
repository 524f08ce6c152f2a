#include "intercept/libc_headers.h"

#include "intercept/kernel_calls.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/file_locks.h"
#include "intercept/io_vector.h"
#include "intercept/kernel_rules.h"
#include "intercept/mapping.h"
#include "intercept/signals.h"
#include "intercept/uniform.h"
#include "platform/syscalls.h"

namespace hindsight {
namespace {

void readVectorStarts(InterceptedCall& call, KernelCall& made) {
  readsParts(call, pointer<iovec>(made.at[1]), size(made.at[2]));
  descriptorUsed(call, firstFd(made));
}

void readVectorDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result >= 0) acquireFd(call.thread(), firstFd(made));
  if (result > 0) writesVector(call, pointer<iovec>(made.at[1]), size(made.at[2]), size(result));
}

void writeVectorStarts(InterceptedCall& call, KernelCall& made) {
  readsVector(call, pointer<iovec>(made.at[1]), size(made.at[2]));
  releaseFd(call, firstFd(made));
}

constexpr KernelRule kRead{usesFirst, readDone}, kWrite{writeStarts, usedFirst},
    kReadVector{readVectorStarts, readVectorDone}, kWriteVector{writeVectorStarts, usedFirst};

void getRandomDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result > 0) call.writes(pointer<void>(made.at[0]), size(result));
}

constexpr KernelRule kGetRandom{nothing, getRandomDone};

// Descriptors come and go

/// The path is looked at now that the kernel has found it to be one.
template <int kPath>
void pathOpened(InterceptedCall& call, const KernelCall& made, long result) {
  if (result >= 0) readsText(call, pointer<char>(made.at[kPath]));
  opened(call, made, result);
}

constexpr KernelRule kOpen{nothing, pathOpened<0>}, kOpenAt{nothing, pathOpened<1>};

void eventsOpened(InterceptedCall& call, const KernelCall&, long result) {
  if (result >= 0) eventFdOpened(call, number(result));
}

constexpr KernelRule kEvents{nothing, eventsOpened};

void closeStarts(InterceptedCall& call, KernelCall& made) { fdClosing(call, firstFd(made)); }

constexpr KernelRule kClose{closeStarts, nothingAfter};

void closeRangeStarts(InterceptedCall& call, KernelCall& made) {
  constexpr long kOnlyMarks = 4;  // CLOSE_RANGE_CLOEXEC
  if ((made.at[2] & kOnlyMarks) != 0) return;
  const auto first = static_cast<u32>(made.at[0]), last = static_cast<u32>(made.at[1]);
  descriptorsClosing(call, first, last);
  fdRangeClosing(call.thread(), first, last);
}

constexpr KernelRule kCloseRange{closeRangeStarts, nothingAfter};

void pipeDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result != 0) return;
  const int* const ends = pointer<int>(made.at[0]);
  pipeOpened(ends[0], ends[1]);
  descriptorOpened(call, ends[0]);
  descriptorOpened(call, ends[1]);
  call.writes(ends, 2 * sizeof(int));
}

constexpr KernelRule kPipe{nothing, pipeDone};

void duplicated(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result >= 0) fdDuplicated(call, firstFd(made), number(result));
}

constexpr KernelRule kDup{usesFirst, duplicated};

/// dup2 and dup3 close the second first.
void dupToStarts(InterceptedCall& call, KernelCall& made) {
  const int to = number(made.at[1]);
  if (firstFd(made) != to && to >= 0) fdReplacing(call, to);
  descriptorUsed(call, firstFd(made));
}

constexpr KernelRule kDupTo{dupToStarts, duplicated};

void controlStarts(InterceptedCall& call, KernelCall& made) {
  usesFirst(call, made);
  rangeLockStarts(call, firstFd(made), number(made.at[1]), pointer<struct flock>(made.at[2]));
}

void controlDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result == 0)
    rangeLockDone(call, firstFd(made), number(made.at[1]), pointer<struct flock>(made.at[2]));
  const bool duplicates = made.at[1] == F_DUPFD || made.at[1] == F_DUPFD_CLOEXEC;
  if (duplicates && result >= 0) fdDuplicated(call, firstFd(made), number(result));
}

constexpr KernelRule kControl{controlStarts, controlDone};

void lockStarts(InterceptedCall& call, KernelCall& made) {
  usesFirst(call, made);
  wholeLockStarts(call, firstFd(made), number(made.at[1]));
}

void lockDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result == 0) wholeLockDone(call, firstFd(made), number(made.at[1]));
}

constexpr KernelRule kLock{lockStarts, lockDone};

void setTimerStarts(InterceptedCall& call, KernelCall& made) {
  readsObject(call, pointer<itimerspec>(made.at[2]));
  releaseFd(call, firstFd(made));
}

void setTimerDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result == 0) writesObject(call, pointer<itimerspec>(made.at[3]));
}

constexpr KernelRule kSetTimer{setTimerStarts, setTimerDone};

// Signals

void killStarts(InterceptedCall& call, KernelCall& made) {
  const bool names_thread = made.number != SYS_kill;  // tkill, tgkill
  waitIfFatal(names_thread ? 0 : number(made.at[0]),
              number(made.at[made.number == SYS_tgkill ? 2 : 1]));
  releaseSignals(call.thread());
}

constexpr KernelRule kKill{killStarts, nothingAfter};

template <int kInfo>
void queueStarts(InterceptedCall& call, KernelCall& made) {
  readsObject(call, pointer<siginfo_t>(made.at[kInfo]));
  releaseSignals(call.thread());
}

constexpr KernelRule kQueue{queueStarts<2>, nothingAfter},
    kQueueToThread{queueStarts<3>, nothingAfter};

void waitForSignalStarts(InterceptedCall& call, KernelCall& made) {
  readsBytes(call, pointer<void>(made.at[0]), size(made.at[3]));
  readsObject(call, pointer<timespec>(made.at[2]));
}

void waitForSignalDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result <= 0) return;
  acquireSignals(call.thread());
  writesObject(call, pointer<siginfo_t>(made.at[1]));
}

constexpr KernelRule kWaitForSignal{waitForSignalStarts, waitForSignalDone};

void signalFdStarts(InterceptedCall& call, KernelCall& made) {
  readsBytes(call, pointer<void>(made.at[1]), size(made.at[2]));
}

void signalFdDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (firstFd(made) != -1 || result < 0) return;
  signalFdOpened(number(result));
  descriptorOpened(call, number(result));
}

constexpr KernelRule kSignalFd{signalFdStarts, signalFdDone};

// Memory

void mapStarts(InterceptedCall& call, KernelCall& made) {
  mappingStarts(call, pointer<void>(made.at[0]), size(made.at[1]), number(made.at[3]));
}

void mapDone(InterceptedCall&, const KernelCall& made, long result) {
  if (!syscallFailed(result)) mappingMade(pointer<void>(result), size(made.at[1]));
}

constexpr KernelRule kMap{mapStarts, mapDone};

void unmapStarts(InterceptedCall& call, KernelCall& made) {
  unmapping(call, pointer<void>(made.at[0]), size(made.at[1]));
}

constexpr KernelRule kUnmap{unmapStarts, nothingAfter};

void remapStarts(InterceptedCall& call, KernelCall& made) {
  if ((made.at[3] & MREMAP_FIXED) != 0)
    remappingStarts(call, pointer<void>(made.at[4]), size(made.at[2]));
}

void remapDone(InterceptedCall&, const KernelCall& made, long result) {
  if (!syscallFailed(result))
    remapped(pointer<void>(made.at[0]), size(made.at[1]), pointer<void>(result), size(made.at[2]));
}

constexpr KernelRule kRemap{remapStarts, remapDone};

void adviseDone(InterceptedCall&, const KernelCall& made, long result) {
  if (result == 0) advised(pointer<void>(made.at[0]), size(made.at[1]), number(made.at[2]));
}

constexpr KernelRule kAdvise{nothing, adviseDone};

/// Those that came to Linux later in a better form, and that AArch64 never had.
const KernelRule* oldRule([[maybe_unused]] long number) {
#ifdef SYS_pipe
  switch (number) {
    case SYS_open:
    case SYS_creat: return &kOpen;
    case SYS_pipe: return &kPipe;
    case SYS_dup2: return &kDupTo;
    case SYS_eventfd:
    case SYS_epoll_create:
    case SYS_inotify_init: return &kEvents;
    case SYS_signalfd: return &kSignalFd;
    default: break;
  }
#endif
  return nullptr;
}

const KernelRule* signalRule(long number) {
  switch (number) {
    case SYS_kill:
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_pidfd_send_signal: return &kKill;
    case SYS_rt_sigqueueinfo: return &kQueue;
    case SYS_rt_tgsigqueueinfo: return &kQueueToThread;
    case SYS_rt_sigtimedwait: return &kWaitForSignal;
    case SYS_signalfd4: return &kSignalFd;
    default: return nullptr;
  }
}

}  // namespace

const KernelRule* kernelRule(long number) {
  switch (number) {
    case SYS_read:
    case SYS_pread64: return &kRead;
    case SYS_write:
    case SYS_pwrite64: return &kWrite;
    case SYS_readv:
    case SYS_preadv:
    case SYS_preadv2: return &kReadVector;
    case SYS_writev:
    case SYS_pwritev:
    case SYS_pwritev2: return &kWriteVector;
    case SYS_getrandom: return &kGetRandom;
    case SYS_openat: return &kOpenAt;
    case SYS_memfd_create: return &kOpen;
    case SYS_close: return &kClose;
    case SYS_close_range: return &kCloseRange;
    case SYS_pipe2: return &kPipe;
    case SYS_dup: return &kDup;
    case SYS_dup3: return &kDupTo;
    case SYS_flock: return &kLock;
    case SYS_fcntl: return &kControl;
    case SYS_eventfd2:
    case SYS_epoll_create1:
    case SYS_inotify_init1:
    case SYS_fanotify_init:
    case SYS_timerfd_create: return &kEvents;
    case SYS_timerfd_settime: return &kSetTimer;
    case SYS_mmap: return &kMap;
    case SYS_munmap: return &kUnmap;
    case SYS_mremap: return &kRemap;
    case SYS_madvise: return &kAdvise;
    default: break;
  }
  if (const KernelRule* const rule = kernelSocketRule(number)) return rule;
  if (const KernelRule* const rule = kernelQueueRule(number)) return rule;
  if (const KernelRule* const rule = kernelMemoryRule(number)) return rule;
  if (const KernelRule* const rule = kernelMoreRule(number)) return rule;
  if (const KernelRule* const rule = signalRule(number)) return rule;
  return oldRule(number);
}

}  // namespace hindsight
