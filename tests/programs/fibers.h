// fibers.h - contexts of ucontext.h that tell the detector of their switches.
#pragma once

#include <stdlib.h>
#include <ucontext.h>

extern "C" {
void* __tsan_get_current_fiber();
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
void __tsan_set_fiber_name(void* fiber, const char* name);
}
constexpr unsigned kSync = 0, kNoSync = 1;

struct Context {
  ucontext_t native;
  void* fiber = nullptr;
  char* stack = nullptr;
};

/// The calling thread's own.
inline void beThread(Context& context) { context.fiber = __tsan_get_current_fiber(); }

inline void makeFiber(Context& context, void (*body)(), const char* name) {
  constexpr size_t kBytes = 256 * 1024;
  getcontext(&context.native);
  if (context.stack == nullptr) context.stack = static_cast<char*>(malloc(kBytes));
  context.native.uc_stack.ss_sp = context.stack;
  context.native.uc_stack.ss_size = kBytes;
  context.native.uc_link = nullptr;
  makecontext(&context.native, body, 0);
  context.fiber = __tsan_create_fiber(0);
  __tsan_set_fiber_name(context.fiber, name);
}

/// Keeps the stack for the next fiber of this context.
inline void freeFiber(Context& context) { __tsan_destroy_fiber(context.fiber); }

/// Must be inlined: the shadow stack is switched in the middle of the function that switches.
__attribute__((always_inline)) inline void switchTo(Context& from, Context& to, unsigned flags = kSync) {
  __tsan_switch_to_fiber(to.fiber, flags);
  swapcontext(&from.native, &to.native);
}
