// intercepted_call.h - what the body of every interceptor is written with.
//
// Construction enters the runtime (signals of the program wait, fork waits) and pushes the
// caller's pc on the shadow stack; destruction leaves again and restores `errno` as it was at the
// last `keepErrno()` (constructor: at entry; each `real` call made through `blocking` or directly:
// call keepErrno() after it if it may set errno).
//
// A blocking real function must be called *outside* the runtime: use `call.blocking([&]{ ... })`,
// which leaves the runtime, runs the lambda, enters it again and keeps its errno. Only code inside
// a RuntimeScope may call acquire/release/reads/writes.
#pragma once

#include "base/types.h"
#include "core/tiny_memory.h"
#include "intercept/described_library.h"
#include "intercept/ignored_libraries.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

namespace hindsight {

#define HINDSIGHT_CALLER_PC (reinterpret_cast<::hindsight::uptr>(__builtin_return_address(0)))
#define HINDSIGHT_INTERCEPTOR extern "C" __attribute__((visibility("default")))

/// Whether the runtime may look at what an argument points to. A null pointer or one that lies
/// outside the application's memory is for the real function to refuse (EFAULT, EINVAL), as it does
/// without a detector.
inline bool mayLook(const void* argument) {
  const auto address = reinterpret_cast<uptr>(argument);
  return isApplication(address) || isTinyMemory(address);
}

class InterceptedCall {
 public:
  /// Unless it `counts`, the call goes straight to the real function.
  HINDSIGHT_ALWAYS_INLINE explicit InterceptedCall(uptr caller_pc, bool counts = true)
      : pc_(caller_pc) {
    TlsBlock& tls = __hindsight_tls;
    thread_ = tls.in_runtime == 0 && counts ? tls.thread : nullptr;
    if (HINDSIGHT_UNLIKELY(thread_ == nullptr)) return;
    errno_ = *tls.error;
    stack_ = tls.stack;
    enterRuntime(tls);
  }
  HINDSIGHT_ALWAYS_INLINE ~InterceptedCall() {
    if (thread_ != nullptr) end();
  }
  InterceptedCall(const InterceptedCall&) = delete;
  InterceptedCall& operator=(const InterceptedCall&) = delete;

  /// True when the call must go straight to the real function: the runtime is not up yet, the
  /// thread is unknown or exiting, the call comes from inside the runtime, or it does not count.
  bool bypass() const { return thread_ == nullptr; }
  Thread& thread() const { return *thread_; }

  /// The caller reads / writes `bytes` bytes at `address` (checked for races at the caller's pc).
  void reads(const void* address, size_t bytes);
  void writes(const void* address, size_t bytes);
  /// Reads a C string with its terminator.
  void readsString(const char* text);

  /// Runs `real_call` outside the runtime and returns what it returns.
  template <class RealCall>
  auto blocking(RealCall real_call) {
    leave();
    if constexpr (__is_same(decltype(real_call()), void)) {
      real_call();
      enter();
    } else {
      auto result = real_call();
      enter();
      return result;
    }
  }
  /// What the destructor would do, in line: for the common road of short calls. Not after
  /// `blocking`: a user-level context may have come back from it in another thread, which only a
  /// function of its own notices.
  HINDSIGHT_ALWAYS_INLINE void finish() {
    TlsBlock& tls = __hindsight_tls;
    leaveRuntime(tls);
    *tls.error = errno_;
    thread_ = nullptr;
  }
  /// The program's errno, as it stands: of the real call, after `blocking`.
  int error() const { return errno_; }
  /// errno at the end of the interceptor will be what it is now.
  void keepErrno();

  /// Whether the caller is in a library whose accesses are not checked: by the option ignore_lib,
  /// or because it describes what it does.
  bool isIgnored() const {
    return HINDSIGHT_UNLIKELY(isInDescribedLibrary(pc_)) ||
           (HINDSIGHT_UNLIKELY(ignoring_libraries) && isInIgnoredLibrary(pc_));
  }

  uptr pc() const { return pc_; }
  /// The shadow stack without the intercepted call itself.
  const uptr* top() const { return stack_; }

 private:
  template <bool kWrites>
  void accesses(uptr address, size_t bytes);
  template <bool kWrites>
  void record(uptr address, size_t bytes);
  void end();
  void leave();
  void enter();  // also keeps errno
  Thread* thread_;
  // Not in the order of AccessSite: copied as one, by a vector load, they would have to wait for
  // the stores that put them here.
  uptr* stack_;
  uptr pc_;
  int errno_;
};

/// A call that does nothing but synchronise: of a library that describes its order, it orders
/// nothing.
class OrderingCall : public InterceptedCall {
 public:
  HINDSIGHT_ALWAYS_INLINE explicit OrderingCall(uptr caller_pc)
      : InterceptedCall(caller_pc, !isInDescribedLibrary(caller_pc)) {}
};

}  // namespace hindsight
