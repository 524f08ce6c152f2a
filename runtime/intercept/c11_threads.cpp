// c11_threads.cpp - C11's <threads.h>: the same edges as the POSIX functions.
//
// libc implements these on its internal names, past the POSIX interceptors. Locks and conditions
// are intercepted like their POSIX counterparts; thread functions are expressed through the POSIX
// interceptors, which know how threads begin and end.
//
// Thread safety: any thread. Allocation: the runtime's arena, one block from the creation of a
// thread to its start.
#include <pthread.h>
#include <threads.h>

#include "base/arena.h"
#include "intercept/condition_wait.h"
#include "intercept/libc_locks.h"
#include "intercept/lock_calls.h"
#include "intercept/primitive.h"
#include "intercept/real_calls.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

struct ThreadStart {
  thrd_start_t function;
  void* argument;
};

void* runThreadStart(void* block) {
  const ThreadStart start = *static_cast<ThreadStart*>(block);
  arenaFree(block, sizeof(ThreadStart));
  return reinterpret_cast<void*>(static_cast<sptr>(start.function(start.argument)));
}

int c11Result(int error) {
  switch (error) {
    case 0: return thrd_success;
    case ENOMEM: return thrd_nomem;
    case ETIMEDOUT: return thrd_timedout;
    case EBUSY: return thrd_busy;
    default: return thrd_error;
  }
}

int recordC11Lock(InterceptedCall& call, const mtx_t* mutex, int result,
                  LockCall how = LockCall::Tries) {
  if (result == thrd_success)
    lockObtained(call.thread(), syncKey(mutex), LockMode::Exclusive, call.pc(), how);
  return result;
}

/// glibc's mtx_t is a pthread_mutex_t.
const pthread_mutex_t* pthreadMutexOf(const mtx_t* mutex) {
  return reinterpret_cast<const pthread_mutex_t*>(mutex);
}

LockState stateOf(const mtx_t* mutex, const Thread& thread) {
  return hindsight::stateOf(pthreadMutexOf(mutex), thread);
}

void checkAlive(InterceptedCall& call, const mtx_t* mutex) {
  if (HINDSIGHT_UNLIKELY(isDestroyed(pthreadMutexOf(mutex))))
    useAfterDestroy(call.thread(), syncKey(mutex), LockType::Mutex, call.pc());
}

/// Whatever a wait returns, it leaves the mutex as it found it.
bool alwaysOwned(int /*result*/) { return true; }

}  // namespace

HINDSIGHT_INTERCEPTOR int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.thrd_create(thread, function, argument);
  auto* start = static_cast<ThreadStart*>(arenaAllocate(sizeof(ThreadStart)));
  *start = {function, argument};
  const int error =
      call.blocking([=] { return pthread_create(thread, nullptr, runThreadStart, start); });
  if (error != 0) arenaFree(start, sizeof(ThreadStart));
  return c11Result(error);
}

HINDSIGHT_INTERCEPTOR int thrd_join(thrd_t thread, int* result) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.thrd_join(thread, result);
  void* value = nullptr;
  const int error = call.blocking([&] { return pthread_join(thread, &value); });
  if (result != nullptr && error == 0) {
    call.writes(result, sizeof *result);
    *result = static_cast<int>(reinterpret_cast<sptr>(value));
  }
  return c11Result(error);
}

HINDSIGHT_INTERCEPTOR int thrd_detach(thrd_t thread) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.thrd_detach(thread);
  return c11Result(call.blocking([=] { return pthread_detach(thread); }));
}

HINDSIGHT_INTERCEPTOR void thrd_exit(int result) {
  pthread_exit(reinterpret_cast<void*>(static_cast<sptr>(result)));
}

HINDSIGHT_INTERCEPTOR int mtx_init(mtx_t* mutex, int type) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mtx_init(mutex, type);
  const int result = real.mtx_init(mutex, type);
  if (result == thrd_success) lockInitialised(call, mutex, LockType::Mutex);
  return result;
}

HINDSIGHT_INTERCEPTOR void mtx_destroy(mtx_t* mutex) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mtx_destroy(mutex);
  checkDestroy(call.thread(), syncKey(mutex), LockType::Mutex, stateOf(mutex, call.thread()),
               call.pc());
  lockGone(call, mutex, LockType::Mutex);
  real.mtx_destroy(mutex);
}

HINDSIGHT_INTERCEPTOR int mtx_lock(mtx_t* mutex) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mtx_lock(mutex);
  checkAlive(call, mutex);
  int result = real.mtx_trylock(mutex);
  if (result == thrd_busy) {
    checkDoubleLock(call.thread(), syncKey(mutex), LockType::Mutex, LockMode::Exclusive,
                    stateOf(mutex, call.thread()), call.pc());
    lockWanted(call.thread(), syncKey(mutex), LockMode::Exclusive, call.pc());
    result = call.blocking([=] { return real.mtx_lock(mutex); });
    lockWaitOver(call.thread());
  }
  return recordC11Lock(call, mutex, result, LockCall::Waits);
}

HINDSIGHT_INTERCEPTOR int mtx_trylock(mtx_t* mutex) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mtx_trylock(mutex);
  return recordC11Lock(call, mutex, real.mtx_trylock(mutex));
}

HINDSIGHT_INTERCEPTOR int mtx_timedlock(mtx_t* mutex, const timespec* deadline) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mtx_timedlock(mutex, deadline);
  readsObject(call, deadline);
  return recordC11Lock(call, mutex,
                       call.blocking([=] { return real.mtx_timedlock(mutex, deadline); }));
}

HINDSIGHT_INTERCEPTOR int mtx_unlock(mtx_t* mutex) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mtx_unlock(mutex);
  const LockState state = stateOf(mutex, call.thread());
  if (HINDSIGHT_UNLIKELY(state != LockState::Mine))
    checkUnlock(call.thread(), syncKey(mutex), LockType::Mutex, state, call.pc());
  lockReleasing(call.thread(), syncKey(mutex), unlockOf(pthreadMutexOf(mutex)));
  return real.mtx_unlock(mutex);
}

HINDSIGHT_INTERCEPTOR int cnd_init(cnd_t* condition) {
  return beginsCondition(HINDSIGHT_CALLER_PC, condition, [=] { return real.cnd_init(condition); });
}

HINDSIGHT_INTERCEPTOR void cnd_destroy(cnd_t* condition) {
  endsCondition(HINDSIGHT_CALLER_PC, condition, [=] { return real.cnd_destroy(condition), 0; });
}

HINDSIGHT_INTERCEPTOR int cnd_signal(cnd_t* condition) {
  return wakesCondition(HINDSIGHT_CALLER_PC, condition, [=] { return real.cnd_signal(condition); });
}

HINDSIGHT_INTERCEPTOR int cnd_broadcast(cnd_t* condition) {
  return wakesCondition(HINDSIGHT_CALLER_PC, condition,
                        [=] { return real.cnd_broadcast(condition); });
}

HINDSIGHT_INTERCEPTOR int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.cnd_wait(condition, mutex);
  return waitOnCondition(
      call, condition, pthreadMutexOf(mutex), [=] { return real.cnd_wait(condition, mutex); },
      alwaysOwned);
}

HINDSIGHT_INTERCEPTOR int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* deadline) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.cnd_timedwait(condition, mutex, deadline);
  readsObject(call, deadline);
  return waitOnCondition(
      call, condition, pthreadMutexOf(mutex),
      [=] { return real.cnd_timedwait(condition, mutex, deadline); }, alwaysOwned);
}
