// fault_masks.h - SIGSEGV leaves the masks of other threads, once it is ours
// (intercept/taken_faults.h).
//
// A thread's mask is its own to change. Those that have blocked SIGSEGV are found in /proc and sent
// the signal by which the C library cancels threads, as no thread can block that; its handler
// meanwhile is ours, and passes on what the C library sends. A system call that such a thread waits
// in may fail with EINTR.
//
// Thread safety: once at a time. Allocation: none.
#pragma once

namespace hindsight {

/// Returns when all have heard of it, or a second later.
void unblockFaultsOfOthers();

}  // namespace hindsight
