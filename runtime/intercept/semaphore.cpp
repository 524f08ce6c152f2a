// semaphore.cpp - POSIX semaphores, named and unnamed.
//
// post -> the wait it lets through. As with an atomic counter that is decremented, a wait follows
// every post that came before it, so posts join into one clock per semaphore. The waits are
// cancellation points even when they do not block: they always run outside the runtime.
//
// Thread safety: any thread. Allocation: none.
#include <semaphore.h>

#include "intercept/lock_calls.h"
#include "intercept/primitive.h"
#include "intercept/real_calls.h"
#include "intercept/uniform.h"
#include "platform/syscalls.h"

using namespace hindsight;

namespace {

/// Runs `real_wait`; a wait that took a unit follows the posts.
template <class RealWait>
int waitOnSemaphore(InterceptedCall& call, sem_t* semaphore, RealWait real_wait) {
  primitiveUsed(call, semaphore);
  const int result = call.blocking(real_wait);
  if (result == 0) acquire(call.thread(), syncKey(semaphore));
  return result;
}

}  // namespace

HINDSIGHT_INTERCEPTOR int sem_init(sem_t* semaphore, int shared, unsigned value) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sem_init(semaphore, shared, value);
  const int result = real.sem_init(semaphore, shared, value);
  call.keepErrno();
  if (result != 0) return result;
  primitiveInitialised(call, semaphore);
  forgetSyncObject(syncKey(semaphore));
  return result;
}

HINDSIGHT_INTERCEPTOR int sem_destroy(sem_t* semaphore) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sem_destroy(semaphore);
  const int result = real.sem_destroy(semaphore);
  call.keepErrno();
  if (result != 0) return result;
  primitiveDestroyed(call, semaphore);
  forgetSyncObject(syncKey(semaphore));
  return result;
}

HINDSIGHT_INTERCEPTOR sem_t* sem_open(const char* name, int flags, ...) noexcept {
  va_list list;
  va_start(list, flags);
  const bool creates = (flags & O_CREAT) != 0;
  const mode_t mode = creates ? va_arg(list, mode_t) : 0;
  const unsigned value = creates ? va_arg(list, unsigned) : 0;
  va_end(list);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sem_open(name, flags, mode, value);
  call.readsString(name);
  return call.blocking([=] { return real.sem_open(name, flags, mode, value); });
}

HINDSIGHT_INTERCEPTOR int sem_close(sem_t* semaphore) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sem_close(semaphore);
  const int result = real.sem_close(semaphore);
  call.keepErrno();
  // A semaphore opened several times is mapped once and stays until the last close; only then may
  // another one appear at its address.
  unsigned char resident;
  void* page = reinterpret_cast<void*>(roundDown(syncKey(semaphore), kPageSize));
  if (result == 0 && sysMincore(page, kPageSize, &resident) == -ENOMEM)
    forgetSyncObject(syncKey(semaphore));
  return result;
}

HINDSIGHT_INTERCEPTOR int sem_post(sem_t* semaphore) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sem_post(semaphore);
  primitiveUsed(call, semaphore);
  release(call.thread(), syncKey(semaphore));
  const int result = real.sem_post(semaphore);
  call.keepErrno();
  return result;
}

HINDSIGHT_INTERCEPTOR int sem_wait(sem_t* semaphore) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sem_wait(semaphore);
  return waitOnSemaphore(call, semaphore, [=] { return real.sem_wait(semaphore); });
}

HINDSIGHT_INTERCEPTOR int sem_trywait(sem_t* semaphore) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sem_trywait(semaphore);
  primitiveUsed(call, semaphore);
  const int result = real.sem_trywait(semaphore);
  call.keepErrno();
  if (result == 0) acquire(call.thread(), syncKey(semaphore));
  return result;
}

HINDSIGHT_INTERCEPTOR int sem_timedwait(sem_t* semaphore, const timespec* deadline) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sem_timedwait(semaphore, deadline);
  readsObject(call, deadline);
  return waitOnSemaphore(call, semaphore, [=] { return real.sem_timedwait(semaphore, deadline); });
}

HINDSIGHT_INTERCEPTOR int sem_clockwait(sem_t* semaphore, clockid_t clock,
                                        const timespec* deadline) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sem_clockwait(semaphore, clock, deadline);
  readsObject(call, deadline);
  return waitOnSemaphore(call, semaphore,
                         [=] { return real.sem_clockwait(semaphore, clock, deadline); });
}
