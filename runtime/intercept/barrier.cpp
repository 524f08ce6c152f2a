// barrier.cpp - pthread barriers: every arrival -> every departure of that phase, and no more.
//
// A clock per barrier would let early arrivals of the next phase leak into late departures of this
// one, so each phase has a clock of its own, named by its Phase block, which lives until the last
// thread has departed. It may outlive the barrier: POSIX lets one thread destroy the barrier, and
// reuse its memory, while the others are still on their way out of the wait.
//
// Which phase an arrival belongs to is decided here, before the real wait decides the same by its
// own count. The two agree because a phase starts only after somebody has departed from the one
// before it: then all that were counted here have really arrived. A thread that comes earlier
// (there must be more threads than the barrier's count) waits for that departure.
//
// Those who wait at a barrier of several processes (PTHREAD_PROCESS_SHARED) cannot be counted here:
// its phases share a clock.
//
// Thread safety: any thread; a lock per bucket of the table. Allocation: the runtime's arena, one
// block per barrier and one per phase.
#include <pthread.h>

#include "base/arena.h"
#include "base/spin_lock.h"
#include "intercept/lock_calls.h"
#include "intercept/primitive.h"
#include "intercept/real_calls.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

/// Its address is the sync object of one phase.
struct Phase {
  u32 missing;     // arrivals to come; guarded by the bucket's lock
  u32 references;  // threads that have not departed, and the barrier while this is its last phase
  bool departed;   // somebody has returned from the real wait
};

struct Barrier {
  uptr address;
  u32 count;
  Phase* last;  // null before the first arrival
  Barrier* next;
};

struct Bucket {
  SpinLock lock;
  Barrier* barriers = nullptr;
};

constexpr u32 kBuckets = 256;
constinit Bucket buckets[kBuckets]{};

Bucket& bucketOf(uptr address) { return buckets[(address >> 4) * 0x9e3779b1u % kBuckets]; }

Barrier** findBarrier(Bucket& bucket, uptr address) {
  Barrier** link = &bucket.barriers;
  while (*link != nullptr && (*link)->address != address) link = &(*link)->next;
  return link;
}

void dropPhase(Phase* phase) {
  if (phase == nullptr) return;
  if (__atomic_sub_fetch(&phase->references, 1, __ATOMIC_ACQ_REL) != 0) return;
  forgetSyncObject(syncKey(phase));
  arenaFree(phase, sizeof(Phase));
}

void forgetBarrier(uptr address) {
  Bucket& bucket = bucketOf(address);
  Barrier* barrier;
  {
    SpinLockGuard guard(bucket.lock);
    Barrier** link = findBarrier(bucket, address);
    barrier = *link;
    if (barrier == nullptr) return;
    *link = barrier->next;
  }
  dropPhase(barrier->last);
  arenaFree(barrier, sizeof(Barrier));
}

void rememberBarrier(uptr address, u32 count) {
  forgetBarrier(address);
  Barrier* barrier = arenaNew<Barrier>();
  barrier->address = address;
  barrier->count = count;
  Bucket& bucket = bucketOf(address);
  SpinLockGuard guard(bucket.lock);
  barrier->next = bucket.barriers;
  bucket.barriers = barrier;
}

bool isOfSeveralProcesses(const pthread_barrierattr_t* attributes) {
  int shared = PTHREAD_PROCESS_PRIVATE;
  return attributes != nullptr && real.pthread_barrierattr_getpshared(attributes, &shared) == 0 &&
         shared == PTHREAD_PROCESS_SHARED;
}

enum class Arrival { Counted, Unknown, TooEarly };

/// Counts the caller into the phase that it will leave the barrier with, which `phase` then names.
Arrival arriveAt(uptr address, Phase*& phase) {
  Bucket& bucket = bucketOf(address);
  SpinLockGuard guard(bucket.lock);
  Barrier* barrier = *findBarrier(bucket, address);
  if (barrier == nullptr) return Arrival::Unknown;
  if (barrier->last == nullptr || barrier->last->missing == 0) {
    // pairs with: pthread_barrier_wait, after the real wait
    if (barrier->last != nullptr && !__atomic_load_n(&barrier->last->departed, __ATOMIC_ACQUIRE))
      return Arrival::TooEarly;
    dropPhase(barrier->last);
    barrier->last = arenaNew<Phase>();
    barrier->last->missing = barrier->count;
    barrier->last->references = barrier->count + 1;
  }
  phase = barrier->last;
  --phase->missing;
  return Arrival::Counted;
}

}  // namespace

HINDSIGHT_INTERCEPTOR int pthread_barrier_init(pthread_barrier_t* barrier,
                                               const pthread_barrierattr_t* attributes,
                                               unsigned count) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_barrier_init(barrier, attributes, count);
  readsObject(call, attributes);
  const int error = real.pthread_barrier_init(barrier, attributes, count);
  if (error != 0) return error;
  primitiveInitialised(call, barrier);
  if (isOfSeveralProcesses(attributes))
    forgetBarrier(syncKey(barrier));
  else
    rememberBarrier(syncKey(barrier), count);
  return error;
}

HINDSIGHT_INTERCEPTOR int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_barrier_destroy(barrier);
  primitiveDestroyed(call, barrier);
  // Waits until everybody has left the real wait.
  const int error = call.blocking([=] { return real.pthread_barrier_destroy(barrier); });
  if (error == 0) forgetBarrier(syncKey(barrier));
  return error;
}

HINDSIGHT_INTERCEPTOR int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_barrier_wait(barrier);
  primitiveUsed(call, barrier);
  Phase* phase = nullptr;
  Arrival arrival = arriveAt(syncKey(barrier), phase);
  for (u32 round = 0; arrival == Arrival::TooEarly; arrival = arriveAt(syncKey(barrier), phase))
    call.blocking([&] { spinWait(round++); });
  // A barrier of several processes, or made before the runtime's start: who waits is not known
  // here, so its phases share a clock.
  const uptr object = arrival == Arrival::Counted ? syncKey(phase) : syncKey(barrier);
  release(call.thread(), object);
  const int result = call.blocking([=] { return real.pthread_barrier_wait(barrier); });
  acquire(call.thread(), object);
  if (phase != nullptr) {
    __atomic_store_n(&phase->departed, true, __ATOMIC_RELEASE);  // pairs with: arriveAt
    dropPhase(phase);
  }
  return result;
}
