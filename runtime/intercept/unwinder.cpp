// unwinder.cpp - the frames that an exception (or cancellation) leaves, at the moment when a
// personality routine has found who goes on.
//
// It says so by _Unwind_SetIP, with all frames still there: what the unwinder has walked over can
// be walked over again (entry/left_frames.h). In a program whose unwinder is linked statically, or
// that has a function of this name itself, ours is not called.
//
// Thread safety: any thread. Allocation: none.
#include <unwind.h>

#include "entry/left_frames.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"

using namespace hindsight;

namespace {

using SetIp = decltype(::_Unwind_SetIP);
using GetCfa = decltype(::_Unwind_GetCFA);

/// Called, not intercepted, hence in no table.
constinit RealFunction<GetCfa> real_get_cfa{"_Unwind_GetCFA", kOptional};

}  // namespace

HINDSIGHT_INTERCEPTOR void _Unwind_SetIP(_Unwind_Context* context, _Unwind_Ptr pc) {
  // A process may have several unwinders, and the context is of the one that the caller sees.
  SetIp* const set_ip = real._Unwind_SetIP.seenFrom(HINDSIGHT_CALLER_PC);
  GetCfa* const get_cfa = real_get_cfa.inScopeOf(reinterpret_cast<uptr>(set_ip) + 1);
  set_ip(context, pc);
  // The frame is named by what its callee's was: the stack pointer that it goes on with.
  if (get_cfa != nullptr) leaveFrames(get_cfa(context), pc);
}
