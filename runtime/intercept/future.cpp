// future.cpp - std::promise::set_value_at_thread_exit and its kin: all that the thread does -> who
// waits for the future [ISO C++20, futures.state].
//
// libstdc++ stores the state's "ready" inside its library when the thread ends, where nobody sees
// that it releases. It calls back by a pointer in a record of the promise's: a function of ours
// steps in, which releases where the headers' loads acquire. And it holds references of both kinds
// meanwhile, so that the last one is not dropped unseen in there.
//
//   record:  [ next : 8 ][ call back : 8 ][ state : 8 ][ its control block : 8 ]
//   state:   [ virtual table : 8 ][ result : 8 ][ status : 4 | ...
//   control block:  [ virtual table : 8 ][ owners : 4 ][ weak ones, and one for the owners : 4 ]
//
// Weak in the end (cmake/merge_runtime.sh), so that a C++ library that is linked statically can
// bring its own; then this is not used. (libc++ does the same under a mutex.)
//
// Thread safety: any thread. Allocation: none.
#include "intercept/cxx_abi.h"
#include "intercept/lock_calls.h"
#include "intercept/real_calls.h"

using namespace hindsight;

namespace {

using CallBack = void(void*);

/// The library's own, which is the same for all records; another library's is left alone.
constinit CallBack* real_call_back = nullptr;

/// A reference, unless there is none any more.
bool share(SharedOwners& owners) {
  int now = __atomic_load_n(&owners.owners, __ATOMIC_RELAXED);
  while (now != 0)
    if (__atomic_compare_exchange_n(&owners.owners, &now, now + 1, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED))
      return true;
  return false;
}

/// Drops one of `count`, which the library's header may take together with the other count, as one
/// object. Returns whether it was the last.
bool dropOne(SharedOwners& owners, int& count, uptr pc) {
  InterceptedCall call(pc);
  if (!call.bypass()) {
    release(call.thread(), syncKey(&owners.owners));
    release(call.thread(), syncKey(&count));
  }
  if (__atomic_fetch_sub(&count, 1, __ATOMIC_ACQ_REL) != 1) return false;
  if (!call.bypass()) {
    acquire(call.thread(), syncKey(&owners.owners));
    acquire(call.thread(), syncKey(&count));
  }
  return true;
}

void call(SharedOwners& owners, u32 virtual_function) {
  using Function = void(SharedOwners*);
  reinterpret_cast<Function*>(owners.virtual_table[virtual_function])(&owners);
}

void dropWeak(SharedOwners& owners, uptr pc) {
  constexpr u32 kDestroy = 3;
  if (dropOne(owners, owners.weak, pc)) call(owners, kDestroy);
}

void dropStrong(SharedOwners& owners, uptr pc) {
  constexpr u32 kDispose = 2;
  if (!dropOne(owners, owners.owners, pc)) return;
  call(owners, kDispose);
  dropWeak(owners, pc);
}

/// Called by the library at the end of the thread.
void callBack(void* record) {
  // A copy: it goes with the call.
  const FutureMadeReady made_ready = *static_cast<FutureMadeReady*>(record);
  SharedOwners* const owners = made_ready.owners;
  if (owners == nullptr) return real_call_back(record);
  __atomic_fetch_add(&owners->weak, 1, __ATOMIC_ACQ_REL);  // the record has one
  const bool is_awaited = share(*owners);
  if (is_awaited) {
    InterceptedCall call(HINDSIGHT_CALLER_PC);
    if (!call.bypass()) release(call.thread(), syncKey(&made_ready.state->status));
  }
  real_call_back(record);
  if (is_awaited) dropStrong(*owners, HINDSIGHT_CALLER_PC);
  dropWeak(*owners, HINDSIGHT_CALLER_PC);
}

}  // namespace

HINDSIGHT_INTERCEPTOR void _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(
    FutureMadeReady* self) {
  auto* const real_function =
      real._ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv.seenFrom(HINDSIGHT_CALLER_PC);
  real_function(self);
  CallBack* known = nullptr;
  if (__atomic_compare_exchange_n(&real_call_back, &known, self->call_back, false, __ATOMIC_ACQ_REL,
                                  __ATOMIC_ACQUIRE) ||
      known == self->call_back)
    self->call_back = callBack;
}
