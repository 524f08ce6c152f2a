// tasks.cpp - the memory of explicit tasks, which libomp hands from one task to the next by its own
// allocator: a new task's starts without a past.
//
// The tasks of a taskloop are copies of a pattern that libomp makes by itself. A construct has a
// routine of its own, so that tells how large the copies are and which function of the program
// initialises them; we have libomp call ours, for every copy, before its private variables are
// written.
//
// Thread safety: any thread. Allocation: arena; one block per construct.
#include "base/arena.h"
#include "base/spin_lock.h"
#include "entry/access.h"
#include "openmp/openmp_call.h"
#include "openmp/task_memory.h"
#include "openmp/tool.h"
#include "openmp/untied_tasks.h"

using namespace hindsight;

namespace {

using Initialise = void(TaskMemory* copy, TaskMemory* pattern, int is_last);

/// One construct. Its fields are written again by every task of it, always with the same values
/// unless the code is another library's by now.
struct Construct {
  TaskRoutine* routine;
  Construct* next;
  size_t task_bytes, shareds_bytes;
  Initialise* initialise;  // null if there is nothing to do
};

constexpr u32 kBuckets = 1024;
constinit Construct* buckets[kBuckets]{};
constinit SpinLock insertion;

Construct*& bucketOf(TaskRoutine* routine) {
  return buckets[reinterpret_cast<uptr>(routine) * 0x9e3779b97f4a7c15ull >> 54];
}

Construct* findConstruct(TaskRoutine* routine) {
  // pairs with: needConstruct
  Construct* construct = __atomic_load_n(&bucketOf(routine), __ATOMIC_ACQUIRE);
  while (construct != nullptr && construct->routine != routine) construct = construct->next;
  return construct;
}

Construct* needConstruct(TaskRoutine* routine) {
  if (Construct* known = findConstruct(routine)) return known;
  SpinLockGuard guard(insertion);
  if (Construct* known = findConstruct(routine)) return known;
  Construct* construct = arenaNew<Construct>();
  construct->routine = routine;
  construct->next = bucketOf(routine);
  __atomic_store_n(&bucketOf(routine), construct, __ATOMIC_RELEASE);  // pairs with: findConstruct
  return construct;
}

template <class T>
void renew(T& field, T value) {
  if (__atomic_load_n(&field, __ATOMIC_RELAXED) != value)
    __atomic_store_n(&field, value, __ATOMIC_RELAXED);
}

/// The task is new.
void resetTask(const TaskMemory* task, size_t task_bytes, size_t shareds_bytes) {
  resetShadow(reinterpret_cast<uptr>(task), task_bytes);
  if (shareds_bytes != 0) resetShadow(reinterpret_cast<uptr>(task->shareds), shareds_bytes);
}

/// Called by libomp for each task of a taskloop.
void initialiseCopy(TaskMemory* copy, TaskMemory* pattern, int is_last) {
  const Construct* const construct = findConstruct(programRoutine(pattern));
  if (construct == nullptr) return;
  {
    InterceptedCall call(HINDSIGHT_CALLER_PC);
    if (!call.bypass()) resetTask(copy, construct->task_bytes, construct->shareds_bytes);
  }
  if (construct->initialise != nullptr) construct->initialise(copy, pattern, is_last);
}

/// Notes who initialises the copies of `pattern`; returns who does so instead.
Initialise* initialiserOf(const TaskMemory* pattern, Initialise* initialise) {
  renew(needConstruct(programRoutine(pattern))->initialise, initialise);
  return initialiseCopy;
}

}  // namespace

OPENMP(TaskMemory*, __kmpc_omp_task_alloc, void* place, int thread, int flags, size_t task_bytes,
       size_t shareds_bytes, TaskRoutine* routine)
OPENMP(int, __kmpc_omp_task, void* place, int thread, TaskMemory* task)
OPENMP(void, __kmpc_taskloop, void* place, int thread, TaskMemory* pattern, int if_value,
       u64* lower, u64* upper, long long stride, int nogroup, int schedule, u64 grain,
       Initialise* initialise)
OPENMP(void, __kmpc_taskloop_5, void* place, int thread, TaskMemory* pattern, int if_value,
       u64* lower, u64* upper, long long stride, int nogroup, int schedule, u64 grain, int modifier,
       Initialise* initialise)

TaskMemory* __kmpc_omp_task_alloc(void* place, int thread, int flags, size_t task_bytes,
                                  size_t shareds_bytes, TaskRoutine* routine) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_omp_task_alloc.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, flags, task_bytes, shareds_bytes, routine);
  TaskMemory* const task = call.blocking([=] {
    if ((flags & kTiedTask) != 0)
      return real(place, thread, flags, task_bytes, shareds_bytes, routine);
    return real(place, thread, flags, untiedTaskBytes(task_bytes),
                untiedSharedsBytes(shareds_bytes), runUntiedPart);
  });
  if ((flags & kTiedTask) == 0) keepUntied(task, routine, (flags & kTaskHasDestructor) != 0);
  Construct* const construct = needConstruct(routine);
  renew(construct->task_bytes, task_bytes);
  renew(construct->shareds_bytes, shareds_bytes);
  resetTask(task, task_bytes, shareds_bytes);
  return task;
}

/// An untied task is cut into parts by the compiler: it enqueues itself again, then returns.
/// Another thread may have it before OMPT tells us that it was suspended.
int __kmpc_omp_task(void* place, int thread, TaskMemory* task) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_omp_task.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, task);
  if (Task* const current = currentTask()) suspendTask(call.thread(), *current);
  return call.blocking([=] { return real(place, thread, task); });
}

void __kmpc_taskloop(void* place, int thread, TaskMemory* pattern, int if_value, u64* lower,
                     u64* upper, long long stride, int nogroup, int schedule, u64 grain,
                     Initialise* initialise) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_taskloop.at(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) initialise = initialiserOf(pattern, initialise);
  call.blocking([=] {
    real(place, thread, pattern, if_value, lower, upper, stride, nogroup, schedule, grain,
         initialise);
  });
}

void __kmpc_taskloop_5(void* place, int thread, TaskMemory* pattern, int if_value, u64* lower,
                       u64* upper, long long stride, int nogroup, int schedule, u64 grain,
                       int modifier, Initialise* initialise) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_taskloop_5.at(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) initialise = initialiserOf(pattern, initialise);
  call.blocking([=] {
    real(place, thread, pattern, if_value, lower, upper, stride, nogroup, schedule, grain, modifier,
         initialise);
  });
}
