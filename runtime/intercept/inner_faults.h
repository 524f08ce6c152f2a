// inner_faults.h - handlers of faults that the runtime makes: of what the program has given it, of
// memory that an atomic operation may not access, and where it lacks stack.
//
// Thread safety: any thread; async-signal-safe. Allocation: none.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include "base/types.h"
#include "threads/thread.h"

namespace hindsight {

/// A fault on the shadow of an address is a fault of the access to that address.
void* programAddress(void* fault);

/// While the program handles a fault of the runtime. The handler may not return, so its thread is
/// outside meanwhile if the runtime has looked at what the program has given it, which it does
/// without holding anything. It may hold something where it lacks stack, and in an atomic operation
/// it holds the line: then the handler runs inside, and leaveByJump brings the thread out.
class FaultInside {
 public:
  /// `frame` is that of the handler's caller.
  FaultInside(TlsBlock& tls, int signal, const siginfo_t* info, ucontext_t& context, uptr frame)
      : tls_(tls), depth_(tls.in_runtime), outer_(tls.inner_handler) {
    if (HINDSIGHT_UNLIKELY(depth_ != 0)) begin(signal, info, context, frame);
  }
  /// The handler has returned.
  void restore() {
    if (HINDSIGHT_UNLIKELY(depth_ != 0)) end();
  }

 private:
  void begin(int signal, const siginfo_t* info, ucontext_t& context, uptr frame);
  void end();

  TlsBlock& tls_;
  const u32 depth_;
  const uptr outer_;
  bool left_ = false;
};

/// Before a jump to `stack`. It may leave a handler of a fault of the runtime, and so the runtime.
void leaveByJump(uptr stack);

}  // namespace hindsight
