// openmp_call.h - what the functions of OpenMP's runtime that we stand in front of are written
// with.
//
// Compiled programs call these as they call the C library's, so the same holds as for an
// interceptor (intercept/intercepted_call.h), but for one thing: the real function is looked up at
// the first call, since a program without OpenMP has none, and one may be loaded late and locally.
// All real calls run outside the runtime: any of them may be the first, which starts libomp and its
// threads.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "base/flags.h"
#include "base/types.h"
#include "intercept/intercepted_call.h"

namespace hindsight {

/// The function called `name` that `caller_pc`'s library would get without us. Aborts if there is
/// none.
void* findOpenMp(const char* name, uptr caller_pc);

class OpenMpCall : public InterceptedCall {
 public:
  explicit OpenMpCall(uptr caller_pc) : InterceptedCall(caller_pc, flags().openmp) {}
};

template <class Function>
class OpenMpFunction {
 public:
  constexpr explicit OpenMpFunction(const char* name) : name_(name) {}

  Function* at(uptr caller_pc) {
    Function* function = __atomic_load_n(&function_, __ATOMIC_RELAXED);  // the same from anyone
    if (HINDSIGHT_LIKELY(function != nullptr)) return function;
    function = reinterpret_cast<Function*>(findOpenMp(name_, caller_pc));
    __atomic_store_n(&function_, function, __ATOMIC_RELAXED);
    return function;
  }

 private:
  const char* name_;
  Function* function_ = nullptr;
};

/// Declares a function of OpenMP's runtime and finds the real one: OPENMP(type, name, parameters).
#define OPENMP(type, name, ...)                                             \
  extern "C" __attribute__((visibility("default"))) type name(__VA_ARGS__); \
  namespace {                                                               \
  constinit OpenMpFunction<type(__VA_ARGS__)> real_##name(#name);           \
  }

}  // namespace hindsight
