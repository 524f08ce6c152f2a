// tsan_fiber.cpp - user-level contexts that the program describes (sanitizer/tsan_interface.h;
// Boost's and QEMU's do): clock, shadow stack, history and ignored regions travel with the fiber.
//
// A program calls __tsan_switch_to_fiber right before it switches, in the function that does.
//
// Thread safety: any thread; a fiber runs in one at a time. Allocation: arena, as for a thread.
#include "base/types.h"
#include "intercept/intercepted_call.h"
#include "threads/contexts.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

using namespace hindsight;

namespace {

constexpr unsigned kNoSync = 1 << 0;  // __tsan_switch_to_fiber_no_sync

}  // namespace

/// The calling thread is a fiber, too. Null in threads that the runtime does not know.
HINDSIGHT_EXPORT void* __tsan_get_current_fiber() { return currentThread(); }

HINDSIGHT_EXPORT void* __tsan_create_fiber(unsigned) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return nullptr;
  leaveContextsToProgram();
  return createFiber(call.thread(), call.pc());
}

/// One that runs is left alone.
HINDSIGHT_EXPORT void __tsan_destroy_fiber(void* fiber) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  auto* const thread = static_cast<Thread*>(fiber);
  if (call.bypass() || thread == nullptr || thread->parked_stack == nullptr) return;
  destroyFiber(thread);
}

HINDSIGHT_EXPORT void __tsan_switch_to_fiber(void* fiber, unsigned flags) {
  TlsBlock& tls = __hindsight_tls;
  if (tls.thread == nullptr || tls.in_runtime != 0 || fiber == nullptr) return;
  enterRuntime(tls);
  switchFiber(*tls.thread, *static_cast<Thread*>(fiber), (flags & kNoSync) == 0);
  leaveRuntime(tls);
}

HINDSIGHT_EXPORT void __tsan_set_fiber_name(void* fiber, const char* name) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass() && fiber != nullptr && name != nullptr)
    nameThread(*static_cast<Thread*>(fiber), name);
}
