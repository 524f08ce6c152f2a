// locks.cpp - OpenMP's critical regions, locks and ordered regions.
//
//   end of a critical region -> the next one of that name        a lock, named by its variable
//   unset -> the next set of the same lock, or test that got it  a lock
//   end of an ordered region -> the next one of that loop        no lock: the iterations' order
//   cancellation -> a cancellation point that sees it
//
// Not from OMPT: its event of a release comes after the lock has been released, and may come after
// the next owner's.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/lock_calls.h"
#include "openmp/openmp_call.h"
#include "openmp/tool.h"
#include "sync/sync.h"

using namespace hindsight;

namespace {

/// What the C library returns for a lock that is busy.
int busyUnless(int taken) { return taken != 0 ? 0 : EBUSY; }

constexpr auto kNoCheck = [] {};

/// The sync object of ordered regions in the loop that the caller's team is in; 0 outside of a
/// team.
uptr orderedRegions() {
  const Task* const task = currentTask();
  if (task == nullptr) return 0;
  const Task& implicit = *task->implicit;
  return nameOf(implicit.team->ordered[implicit.loops % Team::kLoops]);
}

uptr cancellationOf() {
  const Task* const task = currentTask();
  return task != nullptr ? nameOf(task->implicit->team->cancellation) : 0;
}

}  // namespace

// --- Critical regions ----------------------------------------------------------------------------

OPENMP(void, __kmpc_critical, void* place, int thread, void* name)
OPENMP(void, __kmpc_critical_with_hint, void* place, int thread, void* name, u32 hint)
OPENMP(void, __kmpc_end_critical, void* place, int thread, void* name)

void __kmpc_critical(void* place, int thread, void* name) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_critical.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, name);
  waitForLock(call, syncKey(name), LockMode::Exclusive,
              [=] { return real(place, thread, name), 0; });
}

void __kmpc_critical_with_hint(void* place, int thread, void* name, u32 hint) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_critical_with_hint.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, name, hint);
  waitForLock(call, syncKey(name), LockMode::Exclusive,
              [=] { return real(place, thread, name, hint), 0; });
}

void __kmpc_end_critical(void* place, int thread, void* name) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_end_critical.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, name);
  lockReleasing(call.thread(), syncKey(name));
  call.blocking([=] { real(place, thread, name); });
}

// --- Locks ---------------------------------------------------------------------------------------

// A nestable lock that is set again by its owner counts levels (lockObtained does).
#define OPENMP_LOCK(kind)                                                                     \
  OPENMP(void, omp_init_##kind, void* lock)                                                   \
  OPENMP(void, omp_init_##kind##_with_hint, void* lock, int hint)                             \
  OPENMP(void, omp_destroy_##kind, void* lock)                                                \
  OPENMP(void, omp_set_##kind, void* lock)                                                    \
  OPENMP(void, omp_unset_##kind, void* lock)                                                  \
  OPENMP(int, omp_test_##kind, void* lock)                                                    \
                                                                                              \
  void omp_init_##kind(void* lock) {                                                          \
    initLock(HINDSIGHT_CALLER_PC, lock,                                                       \
             [=, real = real_omp_init_##kind.at(HINDSIGHT_CALLER_PC)] { real(lock); });       \
  }                                                                                           \
  void omp_init_##kind##_with_hint(void* lock, int hint) {                                    \
    initLock(HINDSIGHT_CALLER_PC, lock,                                                       \
             [=, real = real_omp_init_##kind##_with_hint.at(HINDSIGHT_CALLER_PC)] {           \
               real(lock, hint);                                                              \
             });                                                                              \
  }                                                                                           \
  void omp_destroy_##kind(void* lock) {                                                       \
    destroyLock(HINDSIGHT_CALLER_PC, lock,                                                    \
                [=, real = real_omp_destroy_##kind.at(HINDSIGHT_CALLER_PC)] { real(lock); }); \
  }                                                                                           \
  void omp_set_##kind(void* lock) {                                                           \
    setLock(                                                                                  \
        HINDSIGHT_CALLER_PC, lock,                                                            \
        [=, real = real_omp_test_##kind.at(HINDSIGHT_CALLER_PC)] { return real(lock); },      \
        [=, real = real_omp_set_##kind.at(HINDSIGHT_CALLER_PC)] { real(lock); });             \
  }                                                                                           \
  void omp_unset_##kind(void* lock) {                                                         \
    unsetLock(HINDSIGHT_CALLER_PC, lock,                                                      \
              [=, real = real_omp_unset_##kind.at(HINDSIGHT_CALLER_PC)] { real(lock); });     \
  }                                                                                           \
  int omp_test_##kind(void* lock) {                                                           \
    return testLock(                                                                          \
        HINDSIGHT_CALLER_PC, lock,                                                            \
        [=, real = real_omp_test_##kind.at(HINDSIGHT_CALLER_PC)] { return real(lock); });     \
  }

namespace {

template <class Init>
void initLock(uptr pc, void* lock, Init real_init) {
  OpenMpCall call(pc);
  if (call.bypass()) return real_init();
  call.blocking(real_init);
  lockCreated(call.thread(), syncKey(lock), pc);
}

template <class Destroy>
void destroyLock(uptr pc, void* lock, Destroy real_destroy) {
  OpenMpCall call(pc);
  if (call.bypass()) return real_destroy();
  lockDestroyed(call.thread(), syncKey(lock), pc);
  call.blocking(real_destroy);
}

template <class Test, class Set>
void setLock(uptr pc, void* lock, Test real_test, Set real_set) {
  OpenMpCall call(pc);
  if (call.bypass()) return real_set();
  lockOrWait(
      call, syncKey(lock), LockMode::Exclusive,
      [=, &call] { return busyUnless(call.blocking(real_test)); }, [=] { return real_set(), 0; },
      kNoCheck);
}

template <class Unset>
void unsetLock(uptr pc, void* lock, Unset real_unset) {
  OpenMpCall call(pc);
  if (call.bypass()) return real_unset();
  lockReleasing(call.thread(), syncKey(lock));
  call.blocking(real_unset);
}

/// Returns what the real test returns: 0 if the lock is busy, else how many times it is now set.
template <class Test>
int testLock(uptr pc, void* lock, Test real_test) {
  OpenMpCall call(pc);
  if (call.bypass()) return real_test();
  const int levels = call.blocking(real_test);
  recordLock(call, syncKey(lock), LockMode::Exclusive, busyUnless(levels));
  return levels;
}

}  // namespace

OPENMP_LOCK(lock)
OPENMP_LOCK(nest_lock)

// --- Ordered regions -----------------------------------------------------------------------------

OPENMP(void, __kmpc_ordered, void* place, int thread)
OPENMP(void, __kmpc_end_ordered, void* place, int thread)

void __kmpc_ordered(void* place, int thread) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_ordered.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread);
  call.blocking([=] { real(place, thread); });
  if (const uptr regions = orderedRegions()) acquire(call.thread(), regions);
}

void __kmpc_end_ordered(void* place, int thread) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_end_ordered.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread);
  if (const uptr regions = orderedRegions()) release(call.thread(), regions);
  call.blocking([=] { real(place, thread); });
}

// --- Cancellation --------------------------------------------------------------------------------

OPENMP(int, __kmpc_cancel, void* place, int thread, int kind)
OPENMP(int, __kmpc_cancellationpoint, void* place, int thread, int kind)

int __kmpc_cancel(void* place, int thread, int kind) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_cancel.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, kind);
  if (const uptr cancellation = cancellationOf()) release(call.thread(), cancellation);
  return call.blocking([=] { return real(place, thread, kind); });
}

int __kmpc_cancellationpoint(void* place, int thread, int kind) {
  OpenMpCall call(HINDSIGHT_CALLER_PC);
  const auto real = real___kmpc_cancellationpoint.at(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real(place, thread, kind);
  const int is_cancelled = call.blocking([=] { return real(place, thread, kind); });
  const uptr cancellation = cancellationOf();
  if (is_cancelled != 0 && cancellation != 0) acquire(call.thread(), cancellation);
  return is_cancelled;
}
