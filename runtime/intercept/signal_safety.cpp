#include "intercept/signal_safety.h"

#include "base/flags.h"
#include "report/signal_report.h"

namespace hindsight {

HINDSIGHT_NOINLINE void checkHandlerCall(InterceptedCall& call, const char* function) {
  Thread& thread = call.thread();
  // A handler may have been left by an exception or a switch of contexts.
  constexpr uptr kDeepest = 1 << 20;
  const auto here = reinterpret_cast<uptr>(__builtin_frame_address(0));
  const int signal = thread.handler.signal;
  if (thread.handler.frame - here > kDeepest) return;
  thread.handler.signal = 0;  // once in one run of a handler: printf calls malloc
  if (flags().report_signal_unsafe) reportUnsafeCall(thread, signal, function, call.pc());
}

}  // namespace hindsight
