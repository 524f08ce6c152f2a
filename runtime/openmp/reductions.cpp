// reductions.cpp - reductions: each thread's private copy is combined into the original variable.
//
// libomp chooses how, for each region and team:
//   a lock    each thread in turn combines its copy into the original
//   atomics   likewise, by atomic operations of the compiled program
//   a tree    at a barrier, threads combine others' copies into theirs, by a function of the
//             program that libomp calls; then the first one combines its copy into the original
//
// Whichever it is, combining into the original is checked: it races with an access before the next
// barrier. What goes on among the copies is not, as only the reduction may touch them. The lock's
// and the tree's edges are given to the threads that combine; the tree's barrier orders nothing
// else.
//
// With reduction(task, ...), one thread initialises everybody's copies for the tasks, and the last
// one to arrive combines them; nothing in between tells who. Both are done by functions of the
// program, unchecked.
//
// Thread safety: any thread. Allocation: none.
#include "openmp/openmp_call.h"
#include "openmp/tool.h"
#include "sync/sync.h"
#include "threads/thread.h"

using namespace hindsight;

namespace {

using Combine = void(void* into, void* from);

/// Reductions that the thread is in, innermost first: a task that it runs meanwhile may have its
/// own.
struct Reduction {
  Combine* combine;
  Reduction* outer;
};
constinit thread_local Reduction* innermost = nullptr;

/// Runs `body` without its accesses being checked.
template <class Body>
void unchecked(uptr pc, Body body) {
  {
    InterceptedCall call(pc);
    if (call.bypass()) return body();
    beginIgnoredAccesses(call.thread());
  }
  body();
  InterceptedCall call(pc);
  if (!call.bypass()) endIgnoredAccesses(call.thread());
}

/// Called by libomp, at a reduction's barrier.
void combineCopies(void* into, void* from) {
  Combine* const combine = innermost->combine;
  unchecked(HINDSIGHT_CALLER_PC, [=] { combine(into, from); });
}

/// Makes the real call, which returns 1 if this thread is to combine its copy into the original.
template <class RealReduce>
int reduce(InterceptedCall& call, Combine* combine, RealReduce real_reduce) {
  Task* const task = currentTask();
  if (task == nullptr) return call.blocking([&] { return real_reduce(combine); });
  Reduction reduction{combine, innermost};
  innermost = &reduction;
  task->is_reducing = true;
  const int result = call.blocking([&] { return real_reduce(combineCopies); });
  task->is_reducing = false;
  innermost = reduction.outer;
  if (result == 1) {
    acquireCopies(call.thread(), *task);
    acquire(call.thread(), nameOf(task->team->combining));
  }
  if (task->has_gathered) ++task->reductions;
  task->has_gathered = false;
  return result;
}

void combined(Thread& thread) {
  if (const Task* const task = currentTask()) release(thread, nameOf(task->team->combining));
}

}  // namespace

OPENMP(int, __kmpc_reduce, void* place, int thread, int count, size_t bytes, void* copies,
       Combine* combine, void* lock)
OPENMP(int, __kmpc_reduce_nowait, void* place, int thread, int count, size_t bytes, void* copies,
       Combine* combine, void* lock)
OPENMP(void, __kmpc_end_reduce, void* place, int thread, void* lock)
OPENMP(void, __kmpc_end_reduce_nowait, void* place, int thread, void* lock)

int __kmpc_reduce(void* place, int thread, int count, size_t bytes, void* copies, Combine* combine,
                  void* lock) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_reduce.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, count, bytes, copies, combine, lock);
  return reduce(call, combine, [=](Combine* ours) {
    return real(place, thread, count, bytes, copies, ours, lock);
  });
}

int __kmpc_reduce_nowait(void* place, int thread, int count, size_t bytes, void* copies,
                         Combine* combine, void* lock) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_reduce_nowait.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, count, bytes, copies, combine, lock);
  return reduce(call, combine, [=](Combine* ours) {
    return real(place, thread, count, bytes, copies, ours, lock);
  });
}

void __kmpc_end_reduce(void* place, int thread, void* lock) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_end_reduce.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, lock);
  combined(call.thread());
  call.blocking([=] { real(place, thread, lock); });
}

void __kmpc_end_reduce_nowait(void* place, int thread, void* lock) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_end_reduce_nowait.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, lock);
  combined(call.thread());
  call.blocking([=] { real(place, thread, lock); });
}

// --- reduction(task, ...) ------------------------------------------------------------------------

OPENMP(void*, __kmpc_taskred_modifier_init, void* place, int thread, int is_worksharing, int count,
       void* copies)
OPENMP(void, __kmpc_task_reduction_modifier_fini, void* place, int thread, int is_worksharing)

void* __kmpc_taskred_modifier_init(void* place, int thread, int is_worksharing, int count,
                                   void* copies) {
  const auto real = real___kmpc_taskred_modifier_init.at(HINDSIGHT_CALLER_PC);
  void* result = nullptr;
  unchecked(HINDSIGHT_CALLER_PC,
            [&] { result = real(place, thread, is_worksharing, count, copies); });
  return result;
}

/// A taskgroup's end: other tasks may run here first, so it becomes unchecked after the wait
/// (tool.cpp, syncRegionWait).
void __kmpc_task_reduction_modifier_fini(void* place, int thread, int is_worksharing) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_task_reduction_modifier_fini.at(HINDSIGHT_CALLER_PC);
  Task* const task = call.bypass() ? nullptr : currentTask();
  if (task != nullptr) task->ends_reduction = true;
  call.blocking([=] { real(place, thread, is_worksharing); });
  if (task == nullptr) return;
  if (task->is_unchecked) endIgnoredAccesses(call.thread());
  task->ends_reduction = task->is_unchecked = false;
}
