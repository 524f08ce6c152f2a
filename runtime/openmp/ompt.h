// ompt.h - the part of OpenMP's tool interface (OMPT) that we use, as chapter 4 of the OpenMP 5.1
// specification has it. Declared here so that the runtime is built without any OpenMP installed.
#pragma once

#include "base/types.h"

namespace hindsight::ompt {

union Data {
  u64 value;
  void* pointer;
};
struct Frame;  // we ask nothing of it

enum class Callback : int {
  ThreadBegin = 1,
  ParallelBegin = 3,
  ParallelEnd = 4,
  TaskCreate = 5,
  TaskSchedule = 6,
  ImplicitTask = 7,
  SyncRegionWait = 16,
  Dependences = 18,
  Work = 20,
  SyncRegion = 23,
  Flush = 29,
};

enum class ThreadKind : int { Initial = 1, Worker = 2, Other = 3, Unknown = 4 };
enum class Scope : int { Begin = 1, End = 2, BeginEnd = 3 };

enum class SyncRegion : int {
  Barrier = 1,
  BarrierImplicit = 2,
  BarrierExplicit = 3,
  BarrierImplementation = 4,  // libomp: in reductions and copyprivate
  Taskwait = 5,
  Taskgroup = 6,
  Reduction = 7,
  BarrierImplicitWorkshare = 8,
  BarrierImplicitParallel = 9,
  BarrierTeams = 10,
};

enum class TaskStatus : int {
  Complete = 1,
  Yield = 2,
  Cancel = 3,
  Detach = 4,        // its body has ended, its event is to come
  EarlyFulfill = 5,  // its event has come, its body has not ended
  LateFulfill = 6,
  Switch = 7,
  TaskwaitComplete = 8,
};

inline constexpr u32 kUntiedTask = 0x10000000;  // a flag of a task

enum class WorkKind : int {
  Loop = 1,
  LoopStatic = 10,
  LoopDynamic = 11,
  LoopGuided = 12,
  LoopOther = 13
};

enum class DependenceType : int {
  In = 1,
  Out = 2,
  InOut = 3,
  MutexInOutSet = 4,
  Source = 5,  // of ordered(n)
  Sink = 6,
  InOutSet = 7,
  OutAllMemory = 34,
  InOutAllMemory = 35,
};
struct Dependence {
  Data variable;
  DependenceType type;
};

using AnyFunction = void (*)();
using Lookup = AnyFunction (*)(const char* name);
using SetCallback = int (*)(Callback which, AnyFunction function);
using GetTaskInfo = int (*)(int ancestor, int* flags, Data** task, Frame** frame, Data** parallel,
                            int* thread_number);

struct StartResult {
  int (*initialize)(Lookup lookup, int initial_device, Data* tool);  // 0: stay out
  void (*finalize)(Data* tool);
  Data tool;
};

}  // namespace hindsight::ompt
