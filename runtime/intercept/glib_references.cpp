// glib_references.cpp - reference counts that GLib keeps inside its shared libraries: all that is
// done with an object before a reference is dropped -> its end, when the last one is dropped.
//
// A drop of a GObject's reference that leaves others is made here, as GLib makes it, so that the
// last one is known beforehand; and so is the last but one of an object that somebody wants to know
// of (g_object_add_toggle_ref), which is GLib's. Of a GAtomicRcBox the function that clears it is
// called by GLib after the last drop: ours goes before it.
//
// Drops that GLib makes itself are not seen, nor those of other types (GBytes, GVariant, ...).
// Weak, as those in glib_locks.cpp.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/lock_calls.h"
#include "intercept/real_calls.h"

using namespace hindsight;

namespace {

/// The beginning of a GObject.
struct Object {
  void* object_class;
  u32 references;
  uptr data;
};

bool isWatched(const Object& object) {
  constexpr uptr kHasToggleReference = 1;
  return (__atomic_load_n(&object.data, __ATOMIC_ACQUIRE) & kHasToggleReference) != 0;
}

/// Drops a reference if that leaves others and means nothing else. False: GLib has to do it, and
/// the caller knows all that was done with the object.
bool dropOneOfMany(InterceptedCall& call, Object& object) {
  const uptr key = syncKey(&object.references);
  release(call.thread(), key);
  // pairs with: the other drops
  u32 now = __atomic_load_n(&object.references, __ATOMIC_ACQUIRE);
  while (now > 2 || (now == 2 && !isWatched(object)))
    if (__atomic_compare_exchange_n(&object.references, &now, now - 1, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
      return true;
  acquire(call.thread(), key);
  return false;
}

using Clear = void(void* box);

/// What the box is cleared by that this thread is dropping.
constinit __attribute__((tls_model("initial-exec"))) thread_local Clear* clear_of_box = nullptr;

/// Called by GLib after the last drop, outside the runtime.
void clearBox(void* box) {
  Clear* const clear = clear_of_box;
  {
    InterceptedCall call(HINDSIGHT_CALLER_PC);
    if (!call.bypass()) acquire(call.thread(), syncKey(box));
  }
  if (clear != nullptr) clear(box);
}

void dropBox(uptr pc, void* box, Clear* clear) {
  auto* const real_release = real.g_atomic_rc_box_release_full.seenFrom(pc);
  OrderingCall call(pc);
  if (call.bypass()) return real_release(box, clear);
  release(call.thread(), syncKey(box));
  Clear* const outer = clear_of_box;  // a box may hold boxes
  clear_of_box = clear;
  call.blocking([=] { real_release(box, clearBox); });
  clear_of_box = outer;
}

}  // namespace

HINDSIGHT_INTERCEPTOR void g_object_unref(void* object) {
  auto* const real_unref = real.g_object_unref.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || object == nullptr) return real_unref(object);
  if (dropOneOfMany(call, *static_cast<Object*>(object))) return;
  call.blocking([=] { real_unref(object); });
}

HINDSIGHT_INTERCEPTOR void g_atomic_rc_box_release(void* box) {
  dropBox(HINDSIGHT_CALLER_PC, box, nullptr);
}

HINDSIGHT_INTERCEPTOR void g_atomic_rc_box_release_full(void* box, Clear* clear) {
  dropBox(HINDSIGHT_CALLER_PC, box, clear);
}
