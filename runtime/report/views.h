// views.h - threads, stacks and places in memory as reports show them.
//
// Thread safety: the registry lock is held, but for stacks. Allocation: none.
#pragma once

#include "report/race_report.h"
#include "threads/thread.h"

namespace hindsight {

StackView viewOf(const uptr* frames, u32 count);
/// A stack of history/stack_depot.h.
StackView viewOfDepot(u32 stack);
ThreadView viewOf(const Thread& thread);
/// The thread with this number; nothing but the number is known if its record is gone.
ThreadView viewOfThread(u32 id);
/// Describes the file descriptor whose cell `address` is in; set by intercept/, null before.
extern bool (*locate_descriptor)(uptr address, LocationView& location);
/// What holds `address`: a file descriptor's cell, a heap block, a thread's stack or thread-local
/// storage, or unknown.
LocationView locate(uptr address);

}  // namespace hindsight
