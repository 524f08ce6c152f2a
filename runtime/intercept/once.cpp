// once.cpp - pthread_once and C11's call_once: end of the initialiser -> every return.
//
// The real function runs the initialiser through `runInitialiser`, which records the release when
// it ends. One that throws or is cancelled leaves the flag as the real function wants it, so the
// next caller starts anew; the attempts follow each other in order [ISO C++20,
// thread.once.callonce], hence a release at such an end, too, and an acquire at the start of each.
// An initialiser has no argument: it reaches its trampoline through thread-local storage.
//
// GCC's unwinder prepares itself by pthread_once at the first exception (or cancelled thread, or
// backtrace). That is none of the program's order, and would hide its races: an initialiser that is
// called from libgcc_s.so releases nothing; one in the program itself, which cannot be told from
// the program's own, is run before the program begins. libstdc++ does so at the first use of a
// locale since there have been threads; it is had to do that before they are.
//
// Thread safety: any thread. Allocation: none.
#include <pthread.h>
#include <threads.h>
#include <unwind.h>

#if __has_include(<sys/single_threaded.h>)  // glibc 2.32; libstdc++ does not look at it before
#include <sys/single_threaded.h>
#define HINDSIGHT_KNOWS_SINGLE_THREADED 1
#endif

#include "intercept/ignored_libraries.h"
#include "intercept/lock_calls.h"
#include "intercept/once.h"
#include "intercept/real_calls.h"
#include "intercept/unwind_hook.h"

using namespace hindsight;

/// Defined in the program if it throws, and in its unwinder. It need not be there.
extern "C" __attribute__((weak)) _Unwind_Reason_Code _Unwind_Backtrace(_Unwind_Trace_Fn, void*);
/// std::locale::classic().
extern "C" __attribute__((weak)) const void* _ZNSt6locale7classicEv();

namespace {

struct OnceCall {
  void (*initialiser)();
  uptr flag;
  uptr caller_pc;
};

/// Of the innermost once call of this thread that has not started its initialiser yet.
constinit thread_local OnceCall starting_call{};

void runUserInitialiser(void* started) { static_cast<OnceCall*>(started)->initialiser(); }

void releaseFlag(void* started) {
  const OnceCall& once = *static_cast<const OnceCall*>(started);
  InterceptedCall call(once.caller_pc);
  if (!call.bypass()) release(call.thread(), once.flag);
}

void acquireFlag(const OnceCall& once) {
  InterceptedCall call(once.caller_pc);
  if (!call.bypass()) acquire(call.thread(), once.flag);
}

/// Runs outside the runtime, called by the real function.
void runInitialiser() {
  OnceCall started = starting_call;  // the initialiser may make once calls of its own
  if (isInGccUnwinder(started.caller_pc)) return started.initialiser();
  acquireFlag(started);
  callWithUnwindHook(runUserInitialiser, releaseFlag, &started);
  releaseFlag(&started);
}

/// Runs `real_once` with `starting_call` set, and acquires what the initialiser released.
template <class RealOnce>
void callOnce(InterceptedCall& call, const void* flag, void (*initialiser)(), RealOnce real_once) {
  const OnceCall own{initialiser, syncKey(flag), call.pc()};
  const OnceCall outer = starting_call;  // of a call that this one interrupts (a signal handler)
  starting_call = own;
  call.blocking(real_once);
  starting_call = outer;
  acquire(call.thread(), own.flag);
}

_Unwind_Reason_Code stopUnwinding(_Unwind_Context*, void*) { return _URC_NORMAL_STOP; }

}  // namespace

void hindsight::initOnce() {
  if (_Unwind_Backtrace != nullptr && isInProgramItself(reinterpret_cast<uptr>(&_Unwind_Backtrace)))
    _Unwind_Backtrace(stopUnwinding, nullptr);
}

void hindsight::prepareLocales() {
#ifdef HINDSIGHT_KNOWS_SINGLE_THREADED
  if (_ZNSt6locale7classicEv == nullptr || !__libc_single_threaded) return;
  __libc_single_threaded = 0;  // as pthread_create will set it
  _ZNSt6locale7classicEv();
#endif
}

HINDSIGHT_INTERCEPTOR int pthread_once(pthread_once_t* flag, void (*initialiser)()) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_once(flag, initialiser);
  int error = 0;
  callOnce(call, flag, initialiser, [&] { error = real.pthread_once(flag, runInitialiser); });
  return error;
}
HINDSIGHT_ALIAS(__pthread_once, pthread_once);

HINDSIGHT_INTERCEPTOR void call_once(once_flag* flag, void (*initialiser)()) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.call_once(flag, initialiser);
  callOnce(call, flag, initialiser, [=] { real.call_once(flag, runInitialiser); });
}
