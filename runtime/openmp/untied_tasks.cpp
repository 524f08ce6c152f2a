#include "openmp/untied_tasks.h"

#include "intercept/intercepted_call.h"
#include "openmp/tool.h"
#include "sync/sync.h"

namespace hindsight {
namespace {

UntiedTask& keptOf(const TaskMemory* task) { return static_cast<UntiedTask*>(task->shareds)[-1]; }

/// Called by libomp, in the thread that leaves the task last.
int destroyUntied(int thread, TaskMemory* task) {
  {
    InterceptedCall call(HINDSIGHT_CALLER_PC);
    const Task* const record = call.bypass() ? nullptr : currentTask();
    if (record != nullptr) acquire(call.thread(), nameOf(record->body));
  }
  return keptOf(task).destructor(thread, task);
}

/// The program has stored it after the task was allocated. Later parts find it done.
void replaceDestructor(TaskMemory* task, UntiedTask& kept) {
  if (!kept.has_destructor || kept.destructor != nullptr) return;
  kept.destructor = task->destructor;
  task->destructor = destroyUntied;
}

}  // namespace

int runUntiedPart(int thread, TaskMemory* task) {
  UntiedTask& kept = keptOf(task);
  Task* const record = currentTask();
  // Once the next part is enqueued, the task may go on in another thread.
  const Task* const implicit = record != nullptr ? record->implicit : nullptr;
  replaceDestructor(task, kept);
  const int result = kept.routine(thread, task);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass() && record != nullptr) endPart(call.thread(), *record, *implicit);
  return result;
}

void keepUntied(TaskMemory* task, TaskRoutine* routine, bool has_destructor) {
  keptOf(task) = {routine, nullptr, has_destructor};
}

TaskRoutine* programRoutine(const TaskMemory* task) {
  return task->routine == runUntiedPart ? keptOf(task).routine : task->routine;
}

}  // namespace hindsight
