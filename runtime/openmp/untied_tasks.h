// untied_tasks.h - the ends of an untied task's parts, of which OMPT does not tell.
//
// The compiler cuts an untied task into parts: its routine is called once for each, enqueues the
// task for the next one, and returns. So the next part, and the last one, may have begun and ended
// in another thread before the routine returns in this one. libomp counts the calls that have not
// returned, and tells that the task is complete in the thread that leaves last (kmp_tasking.cpp,
// td_untied_count).
//
// Hence libomp gets a routine of ours, which calls the program's and lets every part release to
// whatever waits for the task (regions.h, endPart). The thread that leaves last does not acquire
// what the other did: it was in an earlier part, and will run other tasks. Only if it destroys the
// task's variables, it goes on with the task; so libomp gets a destructor of ours, too.
//
//   task:  [ shareds* ][ ours ] ... [ private variables ][ UntiedTask ][ shareds ]
//
// `shareds` are the shared variables' addresses, of 8 bytes at least, so that `shareds*` is set.
// libomp copies all of it for the tasks of a taskloop.
//
// Thread safety: any thread. Allocation: none; within the task's memory.
#pragma once

#include "base/types.h"
#include "openmp/task_memory.h"

namespace hindsight {

/// What is kept of the program's: lies before the shared variables' addresses.
struct UntiedTask {
  TaskRoutine* routine;
  TaskRoutine* destructor;  // null: none, or not replaced yet
  bool has_destructor;
};

/// What to ask of libomp instead of the program's sizes; our routine is runUntiedPart.
inline size_t untiedTaskBytes(size_t task_bytes) {
  return roundUp(task_bytes, sizeof(u64)) + sizeof(UntiedTask);
}
inline size_t untiedSharedsBytes(size_t shareds_bytes) { return max(shareds_bytes, sizeof(u64)); }

int runUntiedPart(int thread, TaskMemory* task);

/// The new `task`, which has been allocated like that, runs the program's `routine`.
void keepUntied(TaskMemory* task, TaskRoutine* routine, bool has_destructor);

/// The program's routine of any task.
TaskRoutine* programRoutine(const TaskMemory* task);

}  // namespace hindsight
