// Rules of calls that move data inside the kernel or between processes, and of a few that fit
// nowhere else.
#include "intercept/libc_headers.h"

#include <sys/syscall.h>

#include "intercept/io_vector.h"
#include "intercept/kernel_rules.h"
#include "intercept/mapping.h"
#include "intercept/move_between.h"

namespace hindsight {
namespace {

// Inside the kernel

Move sendfileMove(const KernelCall& made) {
  return {number(made.at[1]),
          pointer<off_t>(made.at[2]),
          firstFd(made),
          nullptr,
          size(made.at[3]),
          0,
          false};
}

Move spliceMove(const KernelCall& made) {
  return {firstFd(made),
          pointer<off_t>(made.at[1]),
          number(made.at[2]),
          pointer<off_t>(made.at[3]),
          size(made.at[4]),
          static_cast<unsigned>(made.at[5]),
          false};
}

Move teeMove(const KernelCall& made) {
  return {firstFd(made), nullptr,          number(made.at[1]),
          nullptr,       size(made.at[2]), static_cast<unsigned>(made.at[3]),
          false};
}

template <Move kMove(const KernelCall&)>
void movingStarts(InterceptedCall& call, KernelCall& made) {
  made.ended = moveStarts(call, kMove(made));
}

template <Move kMove(const KernelCall&)>
void moved(InterceptedCall& call, const KernelCall& made, long result) {
  if (result >= 0) moveDone(call, kMove(made));
}

constexpr KernelRule kSendfile{movingStarts<sendfileMove>, moved<sendfileMove>},
    kSplice{movingStarts<spliceMove>, moved<spliceMove>},
    kTee{movingStarts<teeMove>, moved<teeMove>};

void mapIntoPipeStarts(InterceptedCall& call, KernelCall& made) {
  readsVector(call, pointer<iovec>(made.at[1]), size(made.at[2]));
  releaseFd(call, firstFd(made));
}

void mapIntoPipeDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result >= 0) acquireFd(call.thread(), firstFd(made));
}

constexpr KernelRule kMapIntoPipe{mapIntoPipeStarts, mapIntoPipeDone};

// Between processes: this one's side

void readProcessStarts(InterceptedCall& call, KernelCall& made) {
  readsParts(call, pointer<iovec>(made.at[1]), size(made.at[2]));
  readsParts(call, pointer<iovec>(made.at[3]), size(made.at[4]));
}

void readProcessDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result > 0) writesVector(call, pointer<iovec>(made.at[1]), size(made.at[2]), size(result));
}

constexpr KernelRule kReadProcess{readProcessStarts, readProcessDone};

void writeProcessStarts(InterceptedCall& call, KernelCall& made) {
  readsVector(call, pointer<iovec>(made.at[1]), size(made.at[2]));
  readsParts(call, pointer<iovec>(made.at[3]), size(made.at[4]));
}

constexpr KernelRule kWriteProcess{writeProcessStarts, nothingAfter};

void childEnded(InterceptedCall& call, const KernelCall& made, long result) {
  if (result <= 0) return;
  writesObject(call, pointer<int>(made.at[1]));
  writesObject(call, pointer<rusage>(made.at[3]));
}

constexpr KernelRule kWaitForChild{nothing, childEnded};

// The rest

constexpr KernelRule kOpenHandle{nothing, opened};

void pagesMoved(InterceptedCall&, const KernelCall& made, long result) {
  if (result == 0) pagesRemapped(pointer<void>(made.at[0]), size(made.at[1]));
}

constexpr KernelRule kRemapPages{nothing, pagesMoved};

/// A byte for each page.
void residenceTold(InterceptedCall& call, const KernelCall& made, long result) {
  if (result == 0)
    writesBytes(call, pointer<void>(made.at[2]), roundUp(size(made.at[1]), kPageSize) / kPageSize);
}

constexpr KernelRule kResidence{nothing, residenceTold};

}  // namespace

const KernelRule* kernelMoreRule(long number) {
  switch (number) {
    case SYS_sendfile: return &kSendfile;
    case SYS_splice: return &kSplice;
    case SYS_tee: return &kTee;
    case SYS_vmsplice: return &kMapIntoPipe;
    case SYS_process_vm_readv: return &kReadProcess;
    case SYS_process_vm_writev: return &kWriteProcess;
    case SYS_wait4: return &kWaitForChild;
    case SYS_open_by_handle_at:
    case SYS_perf_event_open: return &kOpenHandle;
    case SYS_remap_file_pages: return &kRemapPages;
    case SYS_mincore: return &kResidence;
    default: return nullptr;
  }
}

}  // namespace hindsight
