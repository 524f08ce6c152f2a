// The functions of libatomic: atomic objects too large or too little aligned for the processor.
//
// Compilers call them for 16 bytes and for every other size; libraries that are not instrumented
// may call them on the same objects, so all of them must be ours. Objects of 1, 2, 4, 8 and 16
// aligned bytes are handled as instrumented code handles them. Others are copied under a lock that
// their address chooses; the clock of such an object is that of its first byte.
//
// The generic functions have the names of compiler builtins and are spelt with asm labels.
//
// Thread safety: any thread; a signal handler waits until its thread has left the runtime.
// Allocation: none of ours but sync objects.
#include "base/spin_lock.h"
#include "entry/atomic_calls.h"
#include "entry/atomic_steps.h"

namespace hindsight {
namespace {

#define HINDSIGHT_RETURN_PC reinterpret_cast<uptr>(__builtin_return_address(0))

// --- Objects under a lock ------------------------------------------------------------------------

constexpr u32 kLocks = 256;
SpinLock locks[kLocks];

SpinLock& lockOf(uptr address) {
  return locks[address / sizeof(u64) * 0x9e3779b1u >> 24 & (kLocks - 1)];
}

/// Checks and records the access line by line. Adds the races of the first line that has some to
/// `raced`; returns that line.
uptr checkObject(Thread& thread, uptr address, size_t bytes, bool writes, uptr pc,
                 RacedEntries& raced) {
  uptr race_line = 0;
  if (!isApplication(address, bytes) || thread.ignore_reads_writes != 0) return race_line;
  logAccess(thread.history, __hindsight_tls.stack, thread.clock.own(), EventType::Access, address,
            bytes, writes ? Kind::AtomicWrite : Kind::AtomicRead, pc);
  for (uptr at = address; at < address + bytes;) {
    const size_t part = min(kLineSize - at % kLineSize, address + bytes - at);
    RacedEntries here;
    {
      LineLock lock(at);
      checkAtomic(thread, lock, at, part, writes, race_line == 0 ? raced : here);
      lock.trim();
    }
    if (race_line == 0 && !raced.empty()) race_line = roundDown(at, kLineSize);
    here.clear();
    at += part;
  }
  return race_line;
}

void copy(void* to, const void* from, size_t bytes) { __builtin_memcpy(to, from, bytes); }
bool equal(const void* a, const void* b, size_t bytes) {
  return __builtin_memcmp(a, b, bytes) == 0;
}

enum class Clocks { Load, Store, Update };

/// The clocks of an operation's read part.
void observeObject(Thread& thread, uptr address, int order) {
  if (!hasLineWord(address) || thread.ignore_sync != 0) return;
  LineLock lock(address);
  observe(thread, findSyncObject(lock.record(), address), order);
}

/// The clocks of its write part. Returns whether the thread has to tick.
bool leaveObject(Thread& thread, uptr address, Clocks clocks, int order) {
  if (!hasLineWord(address) || thread.ignore_sync != 0) return false;
  LineLock lock(address);
  bool released = false;
  SyncObject* const object = findSyncObject(lock.record(), address);
  if (clocks == Clocks::Store) released = leaveByStore(thread, lock, address, order, object);
  if (clocks == Clocks::Update) released = leaveByUpdate(thread, lock, address, order, object);
  noteStore(lock);
  lock.trim();
  return released;
}

/// Runs `operation()`, which returns the kind of access that it turned out to be, with the object
/// locked and its clocks moved in the same step.
template <class Operation>
void lockedStep(const void* object, size_t bytes, int order, int failure_order, uptr pc,
                Operation operation) {
  const uptr address = shadowAddress(reinterpret_cast<uptr>(object));
  TlsBlock& tls = __hindsight_tls;
  const bool nested = tls.in_runtime != 0;
  enterRuntime(tls);
  Thread* thread = nested ? nullptr : tls.thread;
  bool released = false;
  RacedEntries raced;
  uptr race_line = 0;
  Clocks clocks;
  {
    SpinLockGuard guard(lockOf(address));
    clocks = operation();
    if (thread != nullptr && bytes != 0) {
      if (clocks != Clocks::Store)
        observeObject(*thread, address, clocks == Clocks::Load ? failure_order : order);
      race_line = checkObject(*thread, address, bytes, clocks != Clocks::Load, pc, raced);
      if (clocks != Clocks::Load) released = leaveObject(*thread, address, clocks, order);
    }
  }
  if (HINDSIGHT_UNLIKELY(!raced.empty()))
    racesFound(*thread,
               {address, bytes, clocks == Clocks::Load ? Kind::AtomicRead : Kind::AtomicWrite,
                false, pc, tls.stack},
               race_line, raced);
  if (released) tick(*thread);
  leaveRuntime(tls);
}

// --- The choice ----------------------------------------------------------------------------------

/// Calls `yes` with a value of the object's integer type if the processor has such operations on
/// it, else `no`.
template <class Yes, class No>
auto bySize(size_t bytes, const void* object, Yes yes, No no) {
  const auto address = reinterpret_cast<uptr>(object);
  if (bytes == 0 || (bytes & (bytes - 1)) != 0 || address % bytes != 0) return no();
  switch (bytes) {
    case 1: return yes(u8{});
    case 2: return yes(u16{});
    case 4: return yes(u32{});
    case 8: return yes(u64{});
    case 16: return yes(u128{});
    default: return no();
  }
}

template <class T>
T valueAt(const void* bytes) {
  T value;
  copy(&value, bytes, sizeof(T));
  return value;
}

template <class T>
bool compareExchange(volatile void* object, void* expected, T desired, int order, int failure_order,
                     uptr pc) {
  const T wanted = valueAt<T>(expected);
  const T seen = callCompareExchange<T>(static_cast<volatile T*>(object), wanted, desired, order,
                                        failure_order, pc);
  if (seen == wanted) return true;
  copy(expected, &seen, sizeof(T));
  return false;
}

}  // namespace

// --- Sized functions -----------------------------------------------------------------------------

#define HINDSIGHT_FETCH(bytes, T, name, how, result)                                              \
  HINDSIGHT_EXPORT T __atomic_fetch_##name##_##bytes(volatile void* object, T value, int order) { \
    auto* at = static_cast<volatile T*>(object);                                                  \
    return callUpdate<T>(at, value, Update::how, order, HINDSIGHT_RETURN_PC);                     \
  }                                                                                               \
  HINDSIGHT_EXPORT T __atomic_##name##_fetch_##bytes(volatile void* object, T value, int order) { \
    auto* at = static_cast<volatile T*>(object);                                                  \
    const T old = callUpdate<T>(at, value, Update::how, order, HINDSIGHT_RETURN_PC);              \
    return static_cast<T>(result);                                                                \
  }
#define HINDSIGHT_SIZED(bytes, T)                                                           \
  HINDSIGHT_EXPORT T __atomic_load_##bytes(const volatile void* object, int order) {        \
    auto* at = static_cast<volatile T*>(const_cast<volatile void*>(object));                \
    return callLoad<T>(at, order, HINDSIGHT_RETURN_PC);                                     \
  }                                                                                         \
  HINDSIGHT_EXPORT void __atomic_store_##bytes(volatile void* object, T value, int order) { \
    callStore<T>(static_cast<volatile T*>(object), value, order, HINDSIGHT_RETURN_PC);      \
  }                                                                                         \
  HINDSIGHT_EXPORT T __atomic_exchange_##bytes(volatile void* object, T value, int order) { \
    auto* at = static_cast<volatile T*>(object);                                            \
    return callUpdate<T>(at, value, Update::Exchange, order, HINDSIGHT_RETURN_PC);          \
  }                                                                                         \
  HINDSIGHT_EXPORT bool __atomic_compare_exchange_##bytes(                                  \
      volatile void* object, void* expected, T desired, int order, int failure_order) {     \
    return compareExchange<T>(object, expected, desired, order, failure_order,              \
                              HINDSIGHT_RETURN_PC);                                         \
  }                                                                                         \
  HINDSIGHT_FETCH(bytes, T, add, Add, old + value)                                          \
  HINDSIGHT_FETCH(bytes, T, sub, Sub, old - value)                                          \
  HINDSIGHT_FETCH(bytes, T, and, And, old& value)                                           \
  HINDSIGHT_FETCH(bytes, T, or, Or, old | value)                                            \
  HINDSIGHT_FETCH(bytes, T, xor, Xor, old ^ value)                                          \
  HINDSIGHT_FETCH(bytes, T, nand, Nand, ~(old & value))

HINDSIGHT_SIZED(1, u8)
HINDSIGHT_SIZED(2, u16)
HINDSIGHT_SIZED(4, u32)
HINDSIGHT_SIZED(8, u64)
HINDSIGHT_SIZED(16, u128)

// --- Generic functions ---------------------------------------------------------------------------

#define HINDSIGHT_GENERIC(type, function, name, ...) \
  HINDSIGHT_EXPORT type function(__VA_ARGS__) __asm__(name)

HINDSIGHT_GENERIC(void, atomicLoadGeneric, "__atomic_load", size_t, void*, void*, int);
HINDSIGHT_GENERIC(void, atomicStoreGeneric, "__atomic_store", size_t, void*, void*, int);
HINDSIGHT_GENERIC(void, atomicExchangeGeneric, "__atomic_exchange", size_t, void*, void*, void*,
                  int);
HINDSIGHT_GENERIC(bool, atomicCompareExchangeGeneric, "__atomic_compare_exchange", size_t, void*,
                  void*, void*, int, int);
HINDSIGHT_GENERIC(bool, atomicIsLockFreeGeneric, "__atomic_is_lock_free", size_t, const void*);

void atomicLoadGeneric(size_t bytes, void* object, void* result, int order) {
  const uptr pc = HINDSIGHT_RETURN_PC;
  bySize(
      bytes, object,
      [&](auto zero) {
        using T = decltype(zero);
        const T value = callLoad<T>(static_cast<volatile T*>(object), order, pc);
        copy(result, &value, sizeof(T));
      },
      [&] {
        lockedStep(object, bytes, order, order, pc, [&] {
          copy(result, object, bytes);
          return Clocks::Load;
        });
      });
}

void atomicStoreGeneric(size_t bytes, void* object, void* value, int order) {
  const uptr pc = HINDSIGHT_RETURN_PC;
  bySize(
      bytes, object,
      [&](auto zero) {
        using T = decltype(zero);
        callStore<T>(static_cast<volatile T*>(object), valueAt<T>(value), order, pc);
      },
      [&] {
        lockedStep(object, bytes, order, order, pc, [&] {
          copy(object, value, bytes);
          return Clocks::Store;
        });
      });
}

void atomicExchangeGeneric(size_t bytes, void* object, void* value, void* result, int order) {
  const uptr pc = HINDSIGHT_RETURN_PC;
  bySize(
      bytes, object,
      [&](auto zero) {
        using T = decltype(zero);
        auto* at = static_cast<volatile T*>(object);
        const T old = callUpdate(at, valueAt<T>(value), Update::Exchange, order, pc);
        copy(result, &old, sizeof(T));
      },
      [&] {
        lockedStep(object, bytes, order, order, pc, [&] {
          // `value` and `result` may be the same place.
          auto *to = static_cast<char*>(object), *from = static_cast<char*>(value),
               *out = static_cast<char*>(result);
          for (size_t i = 0; i < bytes; ++i) {
            const char old = to[i];
            to[i] = from[i];
            out[i] = old;
          }
          return Clocks::Update;
        });
      });
}

bool atomicCompareExchangeGeneric(size_t bytes, void* object, void* expected, void* desired,
                                  int order, int failure_order) {
  const uptr pc = HINDSIGHT_RETURN_PC;
  return bySize(
      bytes, object,
      [&](auto zero) {
        using T = decltype(zero);
        return compareExchange<T>(object, expected, valueAt<T>(desired), order, failure_order, pc);
      },
      [&] {
        bool done = false;
        lockedStep(object, bytes, order, failure_order, pc, [&] {
          done = equal(object, expected, bytes);
          if (done)
            copy(object, desired, bytes);
          else
            copy(expected, object, bytes);
          return done ? Clocks::Update : Clocks::Load;
        });
        return done;
      });
}

/// Null stands for an object of that size as the compiler would align it.
bool atomicIsLockFreeGeneric(size_t bytes, const void* object) {
  return bySize(
      bytes, object, [](auto) { return true; }, [] { return false; });
}

}  // namespace hindsight
