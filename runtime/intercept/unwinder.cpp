// unwinder.cpp - the frames that an exception (or cancellation) leaves, at the moment when a
// personality routine has found who goes on.
//
// It says so by _Unwind_SetIP, with all frames still there: what the unwinder has walked over can
// be walked over again (entry/left_frames.h). In a program whose unwinder is linked statically, or
// that has a function of this name itself, ours is not called.
//
// Thread safety: any thread. Allocation: none.
#include <dlfcn.h>
#include <unwind.h>

#include "entry/left_frames.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"

using namespace hindsight;

namespace {

using SetIp = decltype(::_Unwind_SetIP);
using GetCfa = decltype(::_Unwind_GetCFA);

/// Called, not intercepted, hence in no table.
constinit RealFunction<GetCfa> get_cfa{"_Unwind_GetCFA", kOptional};

/// What `name` is for the code at `pc`, whose library was opened for itself: a process may have
/// several unwinders, and the context is of one of them.
void* findFor(uptr pc, const char* name) {
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(pc), &info) == 0) return nullptr;
  void* library = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return nullptr;
  void* function = dlsym(library, name);
  real.dlclose(library);  // it is in use
  return function;
}

struct Unwinder {
  SetIp* set_ip;
  GetCfa* get_cfa;
};

Unwinder unwinderOf(uptr pc) {
  if (!real._Unwind_SetIP.exists())
    return {reinterpret_cast<SetIp*>(findFor(pc, "_Unwind_SetIP")),
            reinterpret_cast<GetCfa*>(findFor(pc, "_Unwind_GetCFA"))};
  if (!get_cfa.exists()) get_cfa.resolve();
  return {real._Unwind_SetIP, get_cfa.exists() ? static_cast<GetCfa*>(get_cfa) : nullptr};
}

}  // namespace

HINDSIGHT_INTERCEPTOR void _Unwind_SetIP(_Unwind_Context* context, _Unwind_Ptr pc) {
  const Unwinder unwinder = unwinderOf(HINDSIGHT_CALLER_PC);
  if (unwinder.set_ip == nullptr) __builtin_trap();  // then the caller could not have been linked
  unwinder.set_ip(context, pc);
  // The frame is named by what its callee's was: the stack pointer that it goes on with.
  if (unwinder.get_cfa != nullptr) leaveFrames(unwinder.get_cfa(context), pc);
}
