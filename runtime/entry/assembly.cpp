// Atomic operations in inline assembly (pass/assembly.cpp): what they order, and their checks.
//
// The operation itself is the program's, between the two calls. So the clocks are not exactly those of the store that
// was read, as in entry/atomic_steps.h, but at least: what a thread leaves is there before its store is seen,
// and what it takes over is looked for after its load. A store adds to the object's clock and does not replace it, for
// the same reason. What is checked is checked before the operation if that writes: it may be what hands the memory on.
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
    lock.trim();
  }
  if (released) tick(*tls.thread);
  leaveRuntime(tls);
}

}  // namespace

/// Before an operation that writes.
HINDSIGHT_EXPORT void __hindsight_assembly_begin(void* object, u64 bits) {
  const What what{bits};
  auto address = reinterpret_cast<uptr>(object);
  const size_t bytes = what.bytes();
  if (bypass(address, max<size_t>(bytes, 1))) return;
  const auto reading = [&](Thread& thread, const SyncObject* known) {
    if (what.reads()) observe(thread, known, what.order());
  };
  const auto writing = [&](Thread& thread, LineLock& lock, SyncObject* known) {
    const bool released = leaveByUpdate(thread, lock, address, what.order(), known);
    noteStore(lock);
    return released;
  };
  if (bytes != 0) return atomicStep(address, bytes, what.surelyWrites(), HINDSIGHT_RETURN_PC, nullptr, reading, writing);
  uncheckedStep(address, [&](Thread& thread, LineLock& lock, SyncObject* known) {
    reading(thread, known);
    return writing(thread, lock, known);
  });
}

/// After an operation that reads.
HINDSIGHT_EXPORT void __hindsight_assembly_end(void* object, u64 bits) {
  const What what{bits};
  auto address = reinterpret_cast<uptr>(object);
  const size_t bytes = what.bytes();
  if (bypass(address, max<size_t>(bytes, 1))) return;
  if (bytes != 0 && !what.writes())
    return atomicStep(
        address, bytes, false, HINDSIGHT_RETURN_PC, nullptr,
        [&](Thread& thread, const SyncObject* known) { observe(thread, known, what.order()); },
        [](Thread&, LineLock&, SyncObject*) { return false; });
  uncheckedStep(address, [&](Thread& thread, LineLock&, const SyncObject* known) {
    observe(thread, known, what.order());
    return false;
  });
}

}  // namespace hindsight
