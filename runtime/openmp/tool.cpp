// tool.cpp - OpenMP's runtime finds ompt_start_tool in the program, and from then on tells us of
// every region, barrier and task (OMPT). A program without OpenMP never calls it.
//
// Locks are not taken from OMPT, whose "released" comes when the lock may be another's already
// (openmp/locks.cpp); nor are reductions, of which it does not say who reads whose copy
// (openmp/reductions.cpp).
//
// Thread safety: any thread; a callback acts for the calling one. Allocation: the runtime's arena.
#include "openmp/tool.h"

#include "base/flags.h"
#include "intercept/described_library.h"
#include "intercept/intercepted_call.h"
#include "openmp/ompt.h"
#include "sync/sync.h"
#include "threads/thread.h"

HINDSIGHT_EXPORT void __hindsight_atomic_fence(int order);

namespace hindsight {
namespace {

using ompt::Data;

constinit ompt::GetTaskInfo get_task_info = nullptr;

Task* taskOf(const Data* data) {
  return data != nullptr ? static_cast<Task*>(data->pointer) : nullptr;
}

uptr pcOf(const void* code) { return reinterpret_cast<uptr>(code); }

// --- Threads and parallel regions ----------------------------------------------------------------

void threadBegins(ompt::ThreadKind kind, Data*) {
  InterceptedCall call(0);
  if (!call.bypass() && kind == ompt::ThreadKind::Worker && call.thread().name[0] == '\0')
    nameThread(call.thread(), "OpenMP worker");
}

Team* forkTeam(uptr pc) {
  InterceptedCall call(pc);
  if (call.bypass()) return nullptr;
  Team* const team = newTeam();
  releaseTeam(call.thread(), *team);
  return team;
}

/// What the encountering thread runs of the region is called from here.
void parallelBegins(Data*, const ompt::Frame*, Data* parallel, u32, int, const void* code) {
  Team* const team = forkTeam(pcOf(code));
  parallel->pointer = team;
  if (team == nullptr) return;
  TlsBlock& tls = __hindsight_tls;
  team->caller = tls.stack;
  *tls.stack = pcOf(code);
  tls.stack = team->caller + 1;
}

void parallelEnds(Data* parallel, Data*, int, const void* code) {
  auto* const team = static_cast<Team*>(parallel->pointer);
  if (team == nullptr) return;
  __hindsight_tls.stack = team->caller;
  InterceptedCall call(pcOf(code));
  if (call.bypass()) return;
  acquireTeam(call.thread(), *team);
  deleteTeam(team);
  parallel->pointer = nullptr;
}

void implicitTaskBegins(InterceptedCall& call, Data* parallel, Data* task) {
  auto* team = parallel != nullptr ? static_cast<Team*>(parallel->pointer) : nullptr;
  const bool is_outside = team == nullptr;
  if (is_outside)
    team = newTeam();
  else
    acquire(call.thread(), nameOf(team->fork));
  Task* const record = newImplicitTask(team);
  record->owns_team = is_outside;
  task->pointer = record;
}

/// A worker is told only when it is needed again: its team is gone by then.
void implicitTaskEnds(Data* data) {
  Task* const task = taskOf(data);
  if (task == nullptr) return;
  if (task->owns_team) deleteTeam(task->team);
  data->pointer = nullptr;
  dropTask(task);
}

void implicitTask(ompt::Scope scope, Data* parallel, Data* task, u32, u32, int) {
  InterceptedCall call(0);
  if (call.bypass()) return;
  if (scope == ompt::Scope::Begin)
    implicitTaskBegins(call, parallel, task);
  else
    implicitTaskEnds(task);
}

// --- Regions that wait ---------------------------------------------------------------------------

bool isBarrier(ompt::SyncRegion kind) {
  return kind != ompt::SyncRegion::Taskwait && kind != ompt::SyncRegion::Taskgroup &&
         kind != ompt::SyncRegion::Reduction;
}

void barrier(Thread& thread, ompt::Scope scope, const Data* parallel, Task& task) {
  if (task.is_reducing) {  // no barrier of the program's
    if (scope == ompt::Scope::Begin) gatherAtReduction(thread, task);
    return;
  }
  if (scope == ompt::Scope::Begin)
    arriveAtBarrier(thread, task);
  else if (parallel != nullptr)
    departFromBarrier(thread, task);
  // Otherwise it is the one at the end of the region, and the team may be gone: see parallelEnds.
}

void syncRegion(ompt::SyncRegion kind, ompt::Scope scope, Data* parallel, Data* data,
                const void* code) {
  InterceptedCall call(pcOf(code));
  Task* const task = taskOf(data);
  if (call.bypass() || task == nullptr) return;
  Thread& thread = call.thread();
  if (isBarrier(kind)) return barrier(thread, scope, parallel, *task);
  const bool begins = scope == ompt::Scope::Begin;
  if (kind == ompt::SyncRegion::Taskwait && !begins) acquire(thread, nameOf(task->children));
  if (kind == ompt::SyncRegion::Taskgroup)
    begins ? beginTaskgroup(*task) : endTaskgroup(thread, *task);
}

/// Between the end of the wait and that of a taskgroup, its reductions are made.
void syncRegionWait(ompt::SyncRegion kind, ompt::Scope scope, Data*, Data* data, const void* code) {
  if (kind != ompt::SyncRegion::Taskgroup || scope != ompt::Scope::End) return;
  InterceptedCall call(pcOf(code));
  Task* const task = taskOf(data);
  if (call.bypass() || task == nullptr) return;
  waitForTaskgroup(call.thread(), *task);
  if (!task->ends_reduction) return;
  beginIgnoredAccesses(call.thread());
  task->is_unchecked = true;
}

// --- Tasks ---------------------------------------------------------------------------------------

void taskCreated(Data* parent_data, const ompt::Frame*, Data* data, int flags, int,
                 const void* code) {
  InterceptedCall call(pcOf(code));
  Task* const parent = taskOf(parent_data);
  if (call.bypass() || parent == nullptr) return;
  Task* const task = newExplicitTask(parent, (static_cast<u32>(flags) & ompt::kUntiedTask) != 0);
  data->pointer = task;
  release(call.thread(), nameOf(task->body));
}

void taskEnds(Thread& thread, Data* data, const Task& implicit) {
  Task* const task = taskOf(data);
  completeTask(thread, *task, implicit);
  data->pointer = nullptr;
  dropTask(task);
}

/// What becomes of the task that the thread of `implicit` has run so far.
void leaveTask(Thread& thread, Data* data, const Task& implicit, ompt::TaskStatus status) {
  Task& task = *taskOf(data);
  switch (status) {
    case ompt::TaskStatus::Complete:
    case ompt::TaskStatus::Cancel: return taskEnds(thread, data, implicit);
    case ompt::TaskStatus::Yield:
    case ompt::TaskStatus::Switch: return suspendTask(thread, task);
    case ompt::TaskStatus::Detach: return completeTask(thread, task, implicit);
    case ompt::TaskStatus::EarlyFulfill: return completeTask(thread, task, implicit, true);
    case ompt::TaskStatus::LateFulfill:
      completeTask(thread, task, implicit, true);
      data->pointer = nullptr;
      return dropTask(&task);
    case ompt::TaskStatus::TaskwaitComplete:
      acquireDependences(thread, task);
      data->pointer = nullptr;
      return dropTask(&task);
  }
}

/// The implicit task of the thread that goes from `prior` to `next`. If `prior` has ended, that may
/// be not the one that ran its last part, but `next` has been waiting in this thread.
Task* implicitOf(const Task& prior, ompt::TaskStatus status, const Task* next) {
  const bool goes_on = status == ompt::TaskStatus::Switch || status == ompt::TaskStatus::Yield;
  return goes_on || next == nullptr ? prior.implicit : next->implicit;
}

void taskSchedule(Data* prior_data, ompt::TaskStatus status, Data* next_data) {
  InterceptedCall call(0);
  Task* const prior = taskOf(prior_data);
  if (call.bypass() || prior == nullptr) return;
  Task* const next = taskOf(next_data);
  Task* const implicit = implicitOf(*prior, status, next);
  if (prior->is_explicit) leaveTask(call.thread(), prior_data, *implicit, status);
  if (next != nullptr) resumeTask(call.thread(), *implicit, *next);
}

void dependences(Data* data, const ompt::Dependence* list, int count) {
  InterceptedCall call(0);
  Task* const task = taskOf(data);
  if (call.bypass() || task == nullptr || count <= 0) return;
  const auto entries = static_cast<u32>(count);
  const bool is_source = list[0].type == ompt::DependenceType::Source;
  if (!is_source && list[0].type != ompt::DependenceType::Sink)
    return addDependences(*task, list, entries);
  const uptr post = postOf(*task->implicit->team, task->implicit->loops, list, entries);
  is_source ? release(call.thread(), post) : acquire(call.thread(), post);
}

// --- The rest ------------------------------------------------------------------------------------

void work(ompt::WorkKind kind, ompt::Scope scope, Data*, Data* data, u64, const void*) {
  Task* const task = taskOf(data);
  if (task == nullptr || scope != ompt::Scope::Begin) return;
  if (kind == ompt::WorkKind::Loop || kind >= ompt::WorkKind::LoopStatic) ++task->loops;
}

/// A flush is a fence [OpenMP 5.1, 1.4.4]: it orders through atomics that pass between two of them.
void flush(Data*, const void*) { __hindsight_atomic_fence(__ATOMIC_SEQ_CST); }

template <class Function>
ompt::AnyFunction erase(Function* function) {
  return reinterpret_cast<ompt::AnyFunction>(function);
}

int initialize(ompt::Lookup lookup, int, Data*) {
  const auto set = reinterpret_cast<ompt::SetCallback>(lookup("ompt_set_callback"));
  get_task_info = reinterpret_cast<ompt::GetTaskInfo>(lookup("ompt_get_task_info"));
  if (set == nullptr) return 0;
  set(ompt::Callback::ThreadBegin, erase(threadBegins));
  set(ompt::Callback::ParallelBegin, erase(parallelBegins));
  set(ompt::Callback::ParallelEnd, erase(parallelEnds));
  set(ompt::Callback::ImplicitTask, erase(implicitTask));
  set(ompt::Callback::SyncRegion, erase(syncRegion));
  set(ompt::Callback::SyncRegionWait, erase(syncRegionWait));
  set(ompt::Callback::TaskCreate, erase(taskCreated));
  set(ompt::Callback::TaskSchedule, erase(taskSchedule));
  set(ompt::Callback::Dependences, erase(dependences));
  set(ompt::Callback::Work, erase(work));
  set(ompt::Callback::Flush, erase(flush));
  return 1;
}

void finalize(Data*) {}

}  // namespace

Task* currentTask() {
  Data* task = nullptr;
  if (get_task_info == nullptr) return nullptr;
  constexpr int kAvailable = 2;
  if (get_task_info(0, nullptr, &task, nullptr, nullptr, nullptr) != kAvailable) return nullptr;
  return taskOf(task);
}

}  // namespace hindsight

/// Null: libomp looks for another tool.
HINDSIGHT_EXPORT hindsight::ompt::StartResult* ompt_start_tool(unsigned, const char*) {
  using namespace hindsight;
  static constinit ompt::StartResult result{initialize, finalize, {}};
  if (!flags().openmp) return nullptr;
  describeLibraryAt(HINDSIGHT_CALLER_PC);
  return &result;
}
