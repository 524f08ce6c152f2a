// task_memory.h - the memory of an explicit task, as compiler and libomp share it (kmp_task_t).
//
//   [ shareds* ][ routine ][ part ][ destructor ] ... [ private variables ]     [ shareds ]
//   `-- sizeof_task bytes, as the compiler asks --------------------------'     `-- sizeof_shareds
//
// `shareds` are the addresses of the shared variables.
//
// Thread safety: none. Allocation: libomp's.
#pragma once

#include "base/types.h"

namespace hindsight {

struct TaskMemory;
using TaskRoutine = int(int thread, TaskMemory* task);

struct TaskMemory {
  void* shareds;
  TaskRoutine* routine;
  int part;                 // of an untied task: where the routine goes on
  TaskRoutine* destructor;  // of the private variables; only if kTaskHasDestructor
};

// Flags of __kmpc_omp_task_alloc.
inline constexpr int kTiedTask = 1;
inline constexpr int kTaskHasDestructor = 8;

}  // namespace hindsight
