// pthread_create, join, detach and their kin.
//
// A new thread begins in our trampoline and ends in the destructor of a thread-specific key that
// re-arms itself until the last round, so that all of the program's destructors run before.
#include "intercept/thread_life.h"

#include <limits.h>
#include <pthread.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/spin_lock.h"
#include "entry/access.h"
#include "intercept/intercepted_call.h"
#include "intercept/once.h"
#include "intercept/real_calls.h"
#include "intercept/taken_faults.h"
#include "intercept/uniform.h"
#include "platform/syscalls.h"
#include "report/benign_races.h"
#include "sync/sync.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

extern "C" void* __libc_stack_end;
// The program's main, of which nothing but the address is wanted; null where the executable does
// not show it (with the shared runtime).
extern "C" __attribute__((weak)) const char program_main[] __asm__("main");

namespace hindsight {
namespace {

struct StartArgument {
  void* (*function)(void*);
  void* argument;
  Thread* thread;
  u32 handle_is_known;  // the creator has stored the pthread_t
  u32 faults_blocked;   // in the creator
};

constinit pthread_key_t end_key = 0;

void atThreadEnd(void* rounds_left) {
  const auto left = reinterpret_cast<uptr>(rounds_left);
  if (left > 1) {
    pthread_setspecific(end_key, reinterpret_cast<void*>(left - 1));
    return;
  }
  TlsBlock& tls = __hindsight_tls;
  if (tls.thread == nullptr) return;
  enterRuntime(tls);
  Thread* thread = tls.thread;
  if (thread->is_fiber) {  // the thread ends in a fiber, which may go on in another one
    Thread* const own = thread->carrier;
    switchFiber(*thread, *own, true);
    thread = own;
  }
  abandonLocks(*thread);
  finishThread(thread);
  leaveRuntime(tls);
}

void armThreadEnd() {
  pthread_setspecific(end_key,
                      reinterpret_cast<void*>(static_cast<uptr>(PTHREAD_DESTRUCTOR_ITERATIONS)));
}

void ownStack(uptr& begin, uptr& end) {
  pthread_attr_t attributes;
  void* address = nullptr;
  size_t bytes = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    pthread_attr_getstack(&attributes, &address, &bytes);
    pthread_attr_destroy(&attributes);
  }
  begin = reinterpret_cast<uptr>(address);
  end = begin + bytes;
}

/// The block of static thread-local variables ends at the thread's descriptor, whose size the
/// loader's figure includes; the stack begins below. The C library tells that size for debuggers.
/// On AArch64 the block begins where the thread pointer points, and the descriptor lies in front of
/// it.
void noteThreadLocals(Thread& thread) {
  using TlsInfo = void(size_t * bytes, size_t * alignment);
  static constinit TlsInfo* info = nullptr;
  static constinit const u32* descriptor_bytes = nullptr;
  if (info == nullptr) {
    info = reinterpret_cast<TlsInfo*>(findRealFunction("_dl_get_tls_static_info", nullptr));
    descriptor_bytes =
        static_cast<const u32*>(findRealFunction("_thread_db_sizeof_pthread", nullptr));
  }
  if (info == nullptr) return;
  size_t bytes = 0, alignment = 0;
  info(&bytes, &alignment);
#if defined(__x86_64__)
  if (descriptor_bytes != nullptr) bytes -= min<size_t>(bytes, *descriptor_bytes);
  thread.tls_end = static_cast<uptr>(pthread_self());
  thread.tls_begin = thread.tls_end - bytes;
#else
  thread.tls_begin = reinterpret_cast<uptr>(__builtin_thread_pointer());
  thread.tls_end = thread.tls_begin + bytes;
#endif
}

/// Binds the calling thread, which is inside, to its record.
void begin(Thread* thread) {
  uptr begin, end;
  ownStack(begin, end);
  announceThread(thread);
  resetShadow(begin, end - begin);
  forgetAnnotations(begin, end - begin);
  startThread(thread, begin, end);
  noteThreadLocals(*thread);
  armThreadEnd();
}

void* threadStart(void* opaque) {
  auto* start = static_cast<StartArgument*>(opaque);
  TlsBlock& tls = __hindsight_tls;
  tls.in_runtime = 1;
  // pairs with: pthread_create below
  for (u32 round = 0; __atomic_load_n(&start->handle_is_known, __ATOMIC_ACQUIRE) == 0;)
    spinWait(round++);
  start->thread->start_function = reinterpret_cast<uptr>(start->function);
  begin(start->thread);
  void* (*function)(void*) = start->function;
  void* argument = start->argument;
  tls.faults_blocked = start->faults_blocked;
  if (HINDSIGHT_UNLIKELY(faults_are_taken)) unblockFaults();  // the attributes may have a mask
  arenaFree(start, sizeof(StartArgument));
  leaveRuntime(tls);
  return function(argument);
}

}  // namespace

void initThreadLife() { pthread_key_create(&end_key, atThreadEnd); }

Thread* expectThread(Thread& creator, uptr pc) {
  Thread* thread = createThread(&creator, pc);
  thread->detached = true;
  return thread;
}

void startExpectedThread(Thread* thread) {
  if (HINDSIGHT_UNLIKELY(faults_are_taken))
    unblockFaults();  // the C library blocks all signals in its threads
  giveHandle(*thread, static_cast<uptr>(pthread_self()));
  begin(thread);
}

void startMainThread() {
  constexpr uptr kLargestMainStack = 1ull << 30;  // `ulimit -s unlimited`
  rlimit limit{};
  sysGetrlimit(RLIMIT_STACK, &limit);
  const uptr end = roundUp(reinterpret_cast<uptr>(__libc_stack_end), kPageSize);
  const uptr bytes = min<uptr>(limit.rlim_cur, kLargestMainStack);
  Thread* thread = createThread(nullptr, 0);
  giveHandle(*thread, static_cast<uptr>(pthread_self()));
  thread->start_function = reinterpret_cast<uptr>(program_main);
  startThread(thread, end - bytes, end);
  noteThreadLocals(*thread);
  armThreadEnd();  // for a main thread that leaves by pthread_exit and may be joined
}

HINDSIGHT_INTERCEPTOR int pthread_create(pthread_t* handle, const pthread_attr_t* attributes,
                                         void* (*function)(void*), void* argument) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_create(handle, attributes, function, argument);
  int detach_state = PTHREAD_CREATE_JOINABLE;
  readsObject(call, attributes);
  writesObject(call, handle);  // stored before the thread begins
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &detach_state);
  call.blocking(prepareLocales);
  Thread* thread = createThread(&call.thread(), call.pc());
  thread->detached = detach_state == PTHREAD_CREATE_DETACHED;
  auto* start = arenaNew<StartArgument>();
  start->function = function;
  start->argument = argument;
  start->thread = thread;
  start->faults_blocked = __hindsight_tls.faults_blocked;
  const int error =
      call.blocking([&] { return real.pthread_create(handle, attributes, threadStart, start); });
  if (error != 0) {
    discardThread(thread);
    arenaFree(start, sizeof(StartArgument));
    return error;
  }
  giveHandle(*thread, static_cast<uptr>(*handle));
  __atomic_store_n(&start->handle_is_known, 1, __ATOMIC_RELEASE);  // pairs with: threadStart
  return 0;
}

namespace {

template <class RealJoin>
int joined(InterceptedCall& call, pthread_t handle, void* const* result, RealJoin join) {
  Thread* thread = findThreadByHandle(static_cast<uptr>(handle));
  const int error = call.blocking(join);
  if (error == 0 && thread != nullptr) joinThread(call.thread(), thread);
  if (error == 0) writesObject(call, result);
  return error;
}

}  // namespace

HINDSIGHT_INTERCEPTOR int pthread_join(pthread_t handle, void** result) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_join(handle, result);
  return joined(call, handle, result, [&] { return real.pthread_join(handle, result); });
}

HINDSIGHT_INTERCEPTOR int pthread_tryjoin_np(pthread_t handle, void** result) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_tryjoin_np(handle, result);
  return joined(call, handle, result, [&] { return real.pthread_tryjoin_np(handle, result); });
}

HINDSIGHT_INTERCEPTOR int pthread_timedjoin_np(pthread_t handle, void** result,
                                               const timespec* deadline) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_timedjoin_np(handle, result, deadline);
  readsObject(call, deadline);
  return joined(call, handle, result,
                [&] { return real.pthread_timedjoin_np(handle, result, deadline); });
}

HINDSIGHT_INTERCEPTOR int pthread_clockjoin_np(pthread_t handle, void** result, clockid_t clock,
                                               const timespec* deadline) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_clockjoin_np(handle, result, clock, deadline);
  readsObject(call, deadline);
  return joined(call, handle, result,
                [&] { return real.pthread_clockjoin_np(handle, result, clock, deadline); });
}

HINDSIGHT_INTERCEPTOR int pthread_detach(pthread_t handle) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_detach(handle);
  // Looked up first: a finished thread's handle may be gone once it is detached.
  Thread* thread = findThreadByHandle(static_cast<uptr>(handle));
  const int error = real.pthread_detach(handle);
  if (error == 0 && thread != nullptr) detachThread(thread);
  return error;
}

HINDSIGHT_INTERCEPTOR int pthread_setname_np(pthread_t handle, const char* name) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  const int error = real.pthread_setname_np(handle, name);
  if (call.bypass()) return error;
  call.keepErrno();
  call.readsString(name);
  if (error != 0) return error;
  if (Thread* thread = findThreadByHandle(static_cast<uptr>(handle))) nameThread(*thread, name);
  return error;
}

}  // namespace hindsight
