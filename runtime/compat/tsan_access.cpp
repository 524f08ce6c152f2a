// tsan_access.cpp - the checks of objects that Clang's or GCC's -fsanitize=thread has compiled.
//
// They call before each access, with its address; the access is at the return address, as reports
// take it. Ordinary calling convention. The first look is the same as that of our own inline
// checks: a word whose cell says that this thread has recorded it in its current epoch is done
// with.
//
// Thread safety: any thread. Allocation: none.
#include "core/address_map.h"
#include "entry/access.h"
#include "entry/foreign_frames.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

#define HINDSIGHT_RETURN_PC reinterpret_cast<uptr>(__builtin_return_address(0))
/// The caller's stack pointer, or at a tail call its caller's: this function keeps a frame pointer.
#define HINDSIGHT_CALLER_STACK \
  (reinterpret_cast<uptr>(__builtin_frame_address(0)) + 2 * sizeof(uptr))

HINDSIGHT_NOINLINE void checkSlowly(uptr address, size_t bytes, bool writes, uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  if (thread == nullptr || tls.in_runtime != 0) return;
  enterRuntime(tls);
  checkAccess(*thread, address, bytes, writes, {pc, tls.stack});
  leaveRuntime(tls);
}

/// Whether the words of [address, address + bytes) are recorded. Reads nothing outside of the
/// shadow.
template <size_t kBytes>
HINDSIGHT_ALWAYS_INLINE bool isRecorded(uptr address, bool writes) {
  if constexpr (kBytes < kWordSize) return false;
  const TlsBlock& tls = __hindsight_tls;
  if (address % kWordSize != 0 || !isApplication(address, kBytes)) return false;
  const uptr cells =
      address + static_cast<uptr>(writes ? address_layout.write_offset : tls.read_offset);
  u64 difference = 0;
  for (size_t done = 0; done < kBytes; done += kWordSize)
    difference |= __atomic_load_n(reinterpret_cast<const Cell*>(cells + done), __ATOMIC_RELAXED) ^
                  static_cast<Cell>(tls.cell);
  return difference == 0;
}

template <size_t kBytes, bool kWrites>
HINDSIGHT_ALWAYS_INLINE void check(const void* pointer, uptr pc) {
  const auto address = reinterpret_cast<uptr>(pointer);
  if (HINDSIGHT_LIKELY(isRecorded<kBytes>(address, kWrites))) return;
  checkSlowly(address, kBytes, kWrites, pc);
}

/// A read that is followed by a write of the same place: each is recorded, as each may race.
template <size_t kBytes>
HINDSIGHT_ALWAYS_INLINE void checkBoth(const void* pointer, uptr pc) {
  check<kBytes, false>(pointer, pc);
  check<kBytes, true>(pointer, pc);
}

}  // namespace

#define HINDSIGHT_TSAN_ACCESS(bytes)                                  \
  HINDSIGHT_EXPORT void __tsan_read##bytes(void* a) {                 \
    check<bytes, false>(a, HINDSIGHT_RETURN_PC);                      \
  }                                                                   \
  HINDSIGHT_EXPORT void __tsan_write##bytes(void* a) {                \
    check<bytes, true>(a, HINDSIGHT_RETURN_PC);                       \
  }                                                                   \
  HINDSIGHT_EXPORT void __tsan_read_write##bytes(void* a) {           \
    checkBoth<bytes>(a, HINDSIGHT_RETURN_PC);                         \
  }                                                                   \
  HINDSIGHT_EXPORT void __tsan_read##bytes##_pc(void* a, void* pc) {  \
    check<bytes, false>(a, reinterpret_cast<uptr>(pc));               \
  }                                                                   \
  HINDSIGHT_EXPORT void __tsan_write##bytes##_pc(void* a, void* pc) { \
    check<bytes, true>(a, reinterpret_cast<uptr>(pc));                \
  }                                                                   \
  HINDSIGHT_EXPORT void __tsan_volatile_read##bytes(void* a) {        \
    check<bytes, false>(a, HINDSIGHT_RETURN_PC | kVolatileSite);      \
  }                                                                   \
  HINDSIGHT_EXPORT void __tsan_volatile_write##bytes(void* a) {       \
    check<bytes, true>(a, HINDSIGHT_RETURN_PC | kVolatileSite);       \
  }
HINDSIGHT_TSAN_ACCESS(1)
HINDSIGHT_TSAN_ACCESS(2)
HINDSIGHT_TSAN_ACCESS(4)
HINDSIGHT_TSAN_ACCESS(8)
HINDSIGHT_TSAN_ACCESS(16)

#define HINDSIGHT_TSAN_UNALIGNED(bytes)                                   \
  HINDSIGHT_EXPORT void __tsan_unaligned_read##bytes(void* a) {           \
    check<bytes, false>(a, HINDSIGHT_RETURN_PC);                          \
  }                                                                       \
  HINDSIGHT_EXPORT void __tsan_unaligned_write##bytes(void* a) {          \
    check<bytes, true>(a, HINDSIGHT_RETURN_PC);                           \
  }                                                                       \
  HINDSIGHT_EXPORT void __tsan_unaligned_read_write##bytes(void* a) {     \
    checkBoth<bytes>(a, HINDSIGHT_RETURN_PC);                             \
  }                                                                       \
  HINDSIGHT_EXPORT void __tsan_unaligned_volatile_read##bytes(void* a) {  \
    check<bytes, false>(a, HINDSIGHT_RETURN_PC | kVolatileSite);          \
  }                                                                       \
  HINDSIGHT_EXPORT void __tsan_unaligned_volatile_write##bytes(void* a) { \
    check<bytes, true>(a, HINDSIGHT_RETURN_PC | kVolatileSite);           \
  }
HINDSIGHT_TSAN_UNALIGNED(2)
HINDSIGHT_TSAN_UNALIGNED(4)
HINDSIGHT_TSAN_UNALIGNED(8)
HINDSIGHT_TSAN_UNALIGNED(16)

HINDSIGHT_EXPORT void __tsan_read_range(void* a, size_t bytes) {
  checkSlowly(reinterpret_cast<uptr>(a), bytes, false, HINDSIGHT_RETURN_PC);
}
HINDSIGHT_EXPORT void __tsan_write_range(void* a, size_t bytes) {
  checkSlowly(reinterpret_cast<uptr>(a), bytes, true, HINDSIGHT_RETURN_PC);
}
HINDSIGHT_EXPORT void __tsan_read_range_pc(void* a, size_t bytes, void* pc) {
  checkSlowly(reinterpret_cast<uptr>(a), bytes, false, reinterpret_cast<uptr>(pc));
}
HINDSIGHT_EXPORT void __tsan_write_range_pc(void* a, size_t bytes, void* pc) {
  checkSlowly(reinterpret_cast<uptr>(a), bytes, true, reinterpret_cast<uptr>(pc));
}

// The vtable pointer is written by constructors and destructors: an access like any other, also
// where it stays the same.
HINDSIGHT_EXPORT void __tsan_vptr_read(void** place) {
  check<sizeof(void*), false>(place, HINDSIGHT_RETURN_PC);
}
HINDSIGHT_EXPORT void __tsan_vptr_update(void** place, void*) {
  check<sizeof(void*), true>(place, HINDSIGHT_RETURN_PC);
}

HINDSIGHT_EXPORT void __tsan_func_entry(void* pc) {
  enterForeignFrame(reinterpret_cast<uptr>(pc), HINDSIGHT_CALLER_STACK);
}
HINDSIGHT_EXPORT void __tsan_func_exit() {
  leaveForeignFrame(HINDSIGHT_RETURN_PC, HINDSIGHT_CALLER_STACK);
}

// Unaligned accesses that programs spell as calls (sanitizer/common_interface_defs.h).
#define HINDSIGHT_UNALIGNED(bits)                                                   \
  HINDSIGHT_EXPORT u##bits __sanitizer_unaligned_load##bits(const void* a) {        \
    check<bits / 8, false>(a, HINDSIGHT_RETURN_PC);                                 \
    u##bits value;                                                                  \
    __builtin_memcpy(&value, a, sizeof(value));                                     \
    return value;                                                                   \
  }                                                                                 \
  HINDSIGHT_EXPORT void __sanitizer_unaligned_store##bits(void* a, u##bits value) { \
    check<bits / 8, true>(a, HINDSIGHT_RETURN_PC);                                  \
    __builtin_memcpy(a, &value, sizeof(value));                                     \
  }
HINDSIGHT_UNALIGNED(16)
HINDSIGHT_UNALIGNED(32)
HINDSIGHT_UNALIGNED(64)

}  // namespace hindsight
