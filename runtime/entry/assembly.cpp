// Atomic operations in inline assembly (pass/assembly.cpp): what they order, and their checks.
//
// The operation itself is the program's, between the two calls. So the clocks are not exactly those
// of the store that was read, as in entry/atomic_steps.h, but at least: what a thread leaves is
// there before its store is seen, and what it takes over is looked for after its load. A store adds
// to the object's clock and does not replace it, for the same reason; nor does any other store,
// from the first announcement on (SyncObject::only_grows): it may come before the operation, or
// between it and the second call. What is checked is checked before the operation if that writes:
// it may be what hands the memory on.
#include "entry/atomic_steps.h"
#include "hindsight/abi.h"

#define HINDSIGHT_RETURN_PC reinterpret_cast<uptr>(__builtin_return_address(0))

namespace hindsight {
namespace {

struct What {
  u64 bits;

  bool reads() const { return (bits & HINDSIGHT_ASSEMBLY_READS) != 0; }
  bool writes() const { return (bits & HINDSIGHT_ASSEMBLY_WRITES) != 0; }
  bool surelyWrites() const { return writes() && (bits & HINDSIGHT_ASSEMBLY_FAILS) == 0; }
  size_t bytes() const { return bits & HINDSIGHT_ASSEMBLY_BYTES; }
  int order() const { return (bits & HINDSIGHT_ASSEMBLY_ORDERS) != 0 ? kAcqRel : kRelaxed; }
};

/// One step without a check: of memory that is not known, or that may have been handed on.
template <class Step>
void uncheckedStep(uptr address, Step step) {
  TlsBlock& tls = __hindsight_tls;
  enterRuntime(tls);
  bool released;
  {
    LineLock lock(address);
    released = step(*tls.thread, lock, findSyncObject(lock.record(), address));
  }
  if (released) tick(*tls.thread);
  leaveRuntime(tls);
}

/// What has an address and is checked as a whole, or else is not. An operation that is split
/// between two lines orders by its first byte.
size_t checkedBytes(uptr address, What what) {
  return address % kLineSize + what.bytes() > kLineSize ? 0 : what.bytes();
}

}  // namespace

/// Before an operation.
HINDSIGHT_EXPORT void __hindsight_assembly_begin(void* object, u64 bits) {
  const What what{bits};
  auto address = reinterpret_cast<uptr>(object);
  if (bypass(address, 1)) return;
  const size_t bytes = checkedBytes(address, what);
  const auto reading = [&](Thread& thread, const SyncObject* known) {
    if (what.reads()) observe(thread, known, what.order());
  };
  const auto writing = [&](Thread& thread, LineLock& lock, SyncObject* known) {
    SyncObject& kept = needAtomicObject(lock, address, known);
    kept.only_grows = true;
    if (!what.writes()) return false;
    const bool released = leaveByUpdate(thread, lock, address, what.order(), &kept);
    noteStore(lock);
    return released;
  };
  if (bytes != 0 && what.writes())
    return atomicStep(address, bytes, what.surelyWrites(), HINDSIGHT_RETURN_PC, nullptr, reading,
                      writing);
  uncheckedStep(address, [&](Thread& thread, LineLock& lock, SyncObject* known) {
    reading(thread, known);
    return writing(thread, lock, known);
  });
}

/// After an operation that reads. Of an `asm goto` it may be told without one: then `object` is
/// null, or an older one.
HINDSIGHT_EXPORT void __hindsight_assembly_end(void* object, u64 bits) {
  const What what{bits};
  auto address = reinterpret_cast<uptr>(object);
  if (address == 0 || bypass(address, 1)) return;
  const size_t bytes = checkedBytes(address, what);
  if (bytes != 0 && !what.writes())
    return atomicStep(
        address, bytes, false, HINDSIGHT_RETURN_PC, nullptr,
        [&](Thread& thread, const SyncObject* known) { observe(thread, known, what.order()); },
        [](Thread&, LineLock&, SyncObject*) { return false; });
  uncheckedStep(address, [&](Thread& thread, LineLock& lock, const SyncObject* known) {
    observe(thread, known, what.order());
    lock.trim();
    return false;
  });
}

}  // namespace hindsight
