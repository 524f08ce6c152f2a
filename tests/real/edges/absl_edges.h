// absl_edges.h - the order that libabsl_synchronization.so keeps, told to the race detector.
//
// absl::Mutex and what is made of it are compiled into a library, with the annotations that they have for
// ThreadSanitizer compiled out. The functions below take the place of the library's own and add
//
//   1. Unlock        happens before a later lock of either kind;
//   2. ReaderUnlock  happens before a later Lock: two readers stay unordered;
//   3. CondVar::Wait unlocks and locks;
//   4. Notify and DecrementCount happen before the wait that they end;
//   5. a thread that finds another one in call_once loads the flag in the library, with acquire order.
//
// Conditions (Await, LockWhen) are not covered: they are evaluated inside the library, by whichever thread
// unlocks. Without a race detector this header adds nothing. Include it in one source file of the program.
#pragma once

#include <absl/base/internal/spinlock_wait.h>
#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <hindsight/annotate.h>

#if HINDSIGHT_INSTRUMENTED

#include <dlfcn.h>

#define HINDSIGHT_ABSL_STRING2(name) #name
#define HINDSIGHT_ABSL_STRING(name) HINDSIGHT_ABSL_STRING2(name)
#define HINDSIGHT_ABSL_NAMESPACE HINDSIGHT_ABSL_STRING(ABSL_OPTION_INLINE_NAMESPACE_NAME)
/// The mangled name of a member of absl's inline namespace, without its length: "7debian3".
#define HINDSIGHT_ABSL_NAME(kind, rest) ("_ZN" kind "4absl" + hindsight_absl::space() + rest)

#include <string>

namespace hindsight_absl {

inline std::string space() {
  const std::string name = HINDSIGHT_ABSL_NAMESPACE;
  return std::to_string(name.size()) + name;
}
/// The library's own definition of the function that `name` is the mangled name of.
template <typename Function>
Function* libraryFunction(const std::string& name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name.c_str()));
}
inline const char* readersOf(const void* mutex) { return static_cast<const char*>(mutex) + 1; }

}  // namespace hindsight_absl

namespace absl {
ABSL_NAMESPACE_BEGIN

#define HINDSIGHT_ABSL_REAL(type, name) \
  static auto* const real = hindsight_absl::libraryFunction<type>(name)

namespace base_internal {
uint32_t SpinLockWait(std::atomic<uint32_t>* word, int count, const SpinLockWaitTransition transitions[],
                      SchedulingMode mode) {
  HINDSIGHT_ABSL_REAL(
      uint32_t(std::atomic<uint32_t>*, int, const SpinLockWaitTransition*, SchedulingMode),
      HINDSIGHT_ABSL_NAME("", "13base_internal12SpinLockWaitEPSt6atomicIjEiPKNS1_22SpinLockWaitTransitionENS1_14SchedulingModeE"));
  const uint32_t seen = real(word, count, transitions, mode);
  word->load(std::memory_order_acquire);
  return seen;
}
}  // namespace base_internal

void Mutex::Lock() {
  HINDSIGHT_ABSL_REAL(void(Mutex*), HINDSIGHT_ABSL_NAME("", "5Mutex4LockEv"));
  real(this);
  hindsight_acquire(this);
  hindsight_acquire(hindsight_absl::readersOf(this));
}
bool Mutex::TryLock() {
  HINDSIGHT_ABSL_REAL(bool(Mutex*), HINDSIGHT_ABSL_NAME("", "5Mutex7TryLockEv"));
  if (!real(this)) return false;
  hindsight_acquire(this);
  hindsight_acquire(hindsight_absl::readersOf(this));
  return true;
}
void Mutex::Unlock() {
  HINDSIGHT_ABSL_REAL(void(Mutex*), HINDSIGHT_ABSL_NAME("", "5Mutex6UnlockEv"));
  hindsight_release(this);
  real(this);
}
void Mutex::ReaderLock() {
  HINDSIGHT_ABSL_REAL(void(Mutex*), HINDSIGHT_ABSL_NAME("", "5Mutex10ReaderLockEv"));
  real(this);
  hindsight_acquire(this);
}
void Mutex::ReaderUnlock() {
  HINDSIGHT_ABSL_REAL(void(Mutex*), HINDSIGHT_ABSL_NAME("", "5Mutex12ReaderUnlockEv"));
  hindsight_release(hindsight_absl::readersOf(this));
  real(this);
}
void CondVar::Wait(Mutex* mutex) {
  HINDSIGHT_ABSL_REAL(void(CondVar*, Mutex*), HINDSIGHT_ABSL_NAME("", "7CondVar4WaitEPNS0_5MutexE"));
  hindsight_release(mutex);
  real(this, mutex);
  hindsight_acquire(mutex);
  hindsight_acquire(hindsight_absl::readersOf(mutex));
}
void Notification::Notify() {
  HINDSIGHT_ABSL_REAL(void(Notification*), HINDSIGHT_ABSL_NAME("", "12Notification6NotifyEv"));
  hindsight_release(this);
  real(this);
}
void Notification::WaitForNotification() const {
  HINDSIGHT_ABSL_REAL(void(const Notification*),
                      HINDSIGHT_ABSL_NAME("K", "12Notification19WaitForNotificationEv"));
  real(this);
  hindsight_acquire(this);
}
bool BlockingCounter::DecrementCount() {
  HINDSIGHT_ABSL_REAL(bool(BlockingCounter*), HINDSIGHT_ABSL_NAME("", "15BlockingCounter14DecrementCountEv"));
  hindsight_release(this);
  return real(this);
}
void BlockingCounter::Wait() {
  HINDSIGHT_ABSL_REAL(void(BlockingCounter*), HINDSIGHT_ABSL_NAME("", "15BlockingCounter4WaitEv"));
  real(this);
  hindsight_acquire(this);
}
#undef HINDSIGHT_ABSL_REAL

ABSL_NAMESPACE_END
}  // namespace absl

#endif  // HINDSIGHT_INSTRUMENTED
