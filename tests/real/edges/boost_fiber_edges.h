// boost_fiber_edges.h - the order that libboost_fiber.so keeps, told to the race detector.
//
// Fibers, channels, futures and condition variables of Boost.Fiber are header code; its mutexes and the
// scheduler are compiled into libboost_fiber.so, where no detector sees their spin locks. The functions
// below take the place of the library's own (a program's definition wins over a shared library's) and add
//
//   1. unlock of a mutex        happens before a later lock of it, by whichever fiber;
//   2. a suspension that unlocks a spin lock of header code unlocks it;
//   3. schedule(fiber)          happens before that fiber goes on;
//   4. the end of a fiber       happens before the return of its join.
//
// What a fiber does in one thread before what it does in another, and what the fibers of one thread do,
// needs no telling: runtime/intercept/fcontext.S. Without a race detector this header adds nothing.
// Include it in one source file of the program.
#pragma once

#include <hindsight/annotate.h>
#include <boost/fiber/all.hpp>

#if HINDSIGHT_INSTRUMENTED

#include <dlfcn.h>

#include <chrono>

namespace hindsight_fiber {

using Time = std::chrono::steady_clock::time_point;
using SpinLock = boost::fibers::detail::spinlock_lock;

/// libboost_fiber's own definition of the function that `name` is the mangled name of.
template <typename Function>
Function* libraryFunction(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace hindsight_fiber

namespace boost::fibers {

#define HINDSIGHT_FIBER_MUTEX(mutex_type, prefix, ...)                                                  \
  void mutex_type::lock() {                                                                             \
    static auto* const real = hindsight_fiber::libraryFunction<void(mutex_type*)>(prefix "4lockEv");     \
    real(this);                                                                                         \
    hindsight_acquire(this);                                                                            \
  }                                                                                                     \
  bool mutex_type::try_lock() __VA_ARGS__ {                                                             \
    static auto* const real = hindsight_fiber::libraryFunction<bool(mutex_type*)>(prefix "8try_lockEv"); \
    if (!real(this)) return false;                                                                      \
    hindsight_acquire(this);                                                                            \
    return true;                                                                                        \
  }                                                                                                     \
  void mutex_type::unlock() {                                                                           \
    static auto* const real = hindsight_fiber::libraryFunction<void(mutex_type*)>(prefix "6unlockEv");   \
    hindsight_release(this);                                                                            \
    real(this);                                                                                         \
  }
HINDSIGHT_FIBER_MUTEX(mutex, "_ZN5boost6fibers5mutex")
HINDSIGHT_FIBER_MUTEX(recursive_mutex, "_ZN5boost6fibers15recursive_mutex", noexcept)
HINDSIGHT_FIBER_MUTEX(timed_mutex, "_ZN5boost6fibers11timed_mutex")
#undef HINDSIGHT_FIBER_MUTEX

void context::suspend(detail::spinlock_lock& lock) noexcept {
  static auto* const real = hindsight_fiber::libraryFunction<void(context*, detail::spinlock_lock&)>(
      "_ZN5boost6fibers7context7suspendERSt11unique_lockINS0_6detail13spinlock_ttasEE");
  hindsight_release(lock.mutex());
  real(this, lock);
  hindsight_acquire(this);
}

bool context::wait_until(hindsight_fiber::Time const& time, detail::spinlock_lock& lock) noexcept {
  static auto* const real =
      hindsight_fiber::libraryFunction<bool(context*, hindsight_fiber::Time const&, detail::spinlock_lock&)>(
          "_ZN5boost6fibers7context10wait_untilERKNSt6chrono10time_pointINS2_3_V212steady_clockENS2_8durationIlSt5ratio"
          "ILl1ELl1000000000EEEEEERSt11unique_lockINS0_6detail13spinlock_ttasEE");
  hindsight_release(lock.mutex());
  const bool in_time = real(this, time, lock);
  hindsight_acquire(this);
  return in_time;
}

void context::schedule(context* woken) noexcept {
  static auto* const real = hindsight_fiber::libraryFunction<void(context*, context*)>(
      "_ZN5boost6fibers7context8scheduleEPS1_");
  hindsight_release(woken);
  real(this, woken);
}

boost::context::fiber context::terminate() noexcept {
  static auto* const real = hindsight_fiber::libraryFunction<boost::context::fiber(context*)>(
      "_ZN5boost6fibers7context9terminateEv");
  hindsight_release(reinterpret_cast<char*>(this) + 1);
  return real(this);
}

void context::join() {
  static auto* const real =
      hindsight_fiber::libraryFunction<void(context*)>("_ZN5boost6fibers7context4joinEv");
  real(this);
  hindsight_acquire(reinterpret_cast<char*>(this) + 1);
}

}  // namespace boost::fibers

#endif  // HINDSIGHT_INSTRUMENTED
