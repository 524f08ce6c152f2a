// kernel_rules.h - what the rules of kernel_*.cpp are made of.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/kernel_calls.h"
#include "intercept/uniform.h"

namespace hindsight {

// Null if the number is no such call's.

/// Sockets, and waiting for descriptors.
const KernelRule* kernelSocketRule(long number);
/// Message queues, semaphores, shared memory.
const KernelRule* kernelQueueRule(long number);
/// What does nothing but read and write memory.
const KernelRule* kernelMemoryRule(long number);
/// Data that moves inside the kernel, and more.
const KernelRule* kernelMoreRule(long number);

template <class Object>
Object* pointer(long argument) {
  return reinterpret_cast<Object*>(argument);
}

inline size_t size(long argument) { return static_cast<size_t>(argument); }
inline int number(long argument) { return static_cast<int>(argument); }
inline int firstFd(const KernelCall& made) { return number(made.at[0]); }

inline void nothing(InterceptedCall&, KernelCall&) {}
inline void nothingAfter(InterceptedCall&, const KernelCall&, long) {}

inline void usesFirst(InterceptedCall& call, KernelCall& made) {
  descriptorUsed(call, firstFd(made));
}

/// The descriptor of a use has failed to be one.
inline void usedFirst(InterceptedCall& call, const KernelCall& made, long result) {
  if (result == -EBADF) descriptorMissed(call, firstFd(made));
}

inline void releasesFirst(InterceptedCall& call, KernelCall& made) {
  releaseFd(call, firstFd(made));
}

// read and write

inline void readDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result >= 0) acquireFd(call.thread(), firstFd(made));
  if (result > 0) call.writes(pointer<void>(made.at[1]), min(size(result), size(made.at[2])));
}

inline void writeStarts(InterceptedCall& call, KernelCall& made) {
  call.reads(pointer<void>(made.at[1]), size(made.at[2]));
  releaseFd(call, firstFd(made));
}

inline void opened(InterceptedCall& call, const KernelCall&, long result) {
  if (result >= 0) fdOpened(call, number(result));
}

}  // namespace hindsight
