// alone.h - the times in which one thread is alone: nothing it does can race.
//
// A thread is alone while it is the only live one and has seen the end of every other: the main
// thread until it first creates a thread, and whoever has joined all others. Whatever it does now
// happens before the first action of every future thread, as they all descend from it, and all that
// is recorded happened before now. So its accesses are not recorded, and the shadow may be emptied:
//
//   * The inline checks compare with an empty cell: over empty shadow they all pass, and no page of
//     shadow is written. Creating a thread ends this; it is a release, after which instrumented
//     code looks at its cell again.
//   * Shadow that is in use is dropped whole when the thread becomes alone, if that is cheap next
//   to
//     the time since the last drop; otherwise line by line, where the thread comes by.
//   * Sync objects stay: a clock says what was released, whoever is alive.
//
// Thread safety: all of this happens in the thread that is alone, inside the runtime.
#pragma once

#include "base/types.h"
#include "threads/thread.h"

namespace hindsight {

/// Whether no access has been recorded since the program began or the shadow was dropped.
bool nothingRecorded();

/// `thread` outlives all others (outlivesAll).
void beginAlone(Thread& thread);
/// Before another thread begins. The caller ticks afterwards, which renews the thread's inline
/// cell.
void endAlone(Thread& thread);

/// Gives all cells, and all records of accesses, back to the system, if that is cheap next to the
/// time since the last drop or `anyway`. The calling thread is alone; the registry is not locked.
void dropPast(bool anyway = false);
/// The thread that is alone accesses [address, address + bytes), which has shadow: empties its
/// lines, so that the next inline checks pass.
void forgetPast(uptr address, size_t bytes);

}  // namespace hindsight
