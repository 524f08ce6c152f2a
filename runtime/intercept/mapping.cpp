// mmap, munmap, mremap: mapped memory starts afresh, unmapped memory counts as written whole.
//
// Memory below 4 GiB is checked by faults (intercept/tiny_faults.h). Where that cannot be, a wish
// to be there is passed over as if something else were there, MAP_32BIT is refused as if there were
// no room, and MAP_FIXED is granted, for code that is not instrumented; the last two are said.
#include "intercept/mapping.h"

#include <errno.h>
#include <sys/mman.h>

#include "core/tiny_memory.h"
#include "entry/access.h"
#include "entry/release.h"
#include "intercept/real_calls.h"
#include "intercept/tiny_faults.h"
#include "report/output.h"
#include "threads/contexts.h"

namespace hindsight {
namespace {

#ifdef MAP_32BIT
constexpr char kRefused[] =
    "hindsight: mmap with MAP_32BIT fails (ENOMEM): to check memory below 4 GiB takes memory that "
    "can be "
    "written and executed, which is forbidden here\n";
#endif
constexpr char kGranted[] =
    "hindsight: memory was mapped below 4 GiB: instrumented code that accesses it ends by SIGSEGV, "
    "since the shadow of it would lie in the kernel's half of the address space\n";

template <size_t kSize>
void sayOnce(bool& said, const char (&text)[kSize]) {
  const bool before = __atomic_exchange_n(&said, true, __ATOMIC_RELAXED);  // orders nothing
  if (!before) writeStderr(text, kSize - 1);
}

bool isFixed(int flags) { return (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0; }

/// Null too: it is no wish.
bool isLow(const void* address) { return reinterpret_cast<uptr>(address) < kTinyEnd; }

bool wouldHitShadow(const void* address, size_t bytes) {
  const auto begin = reinterpret_cast<uptr>(address);
  const uptr stand_ins = address_layout.stand_ins;
  if (hasStandIns() && begin < stand_ins + kTinyEnd && stand_ins < begin + bytes) return true;
  if (hasStandIns() && begin < kTinyEnd && bytes > kTinyEnd - begin) return true;
  return begin != 0 && !isApplication(begin, bytes) && begin >= kTinyEnd &&
         begin < address_layout.high_begin;
}

/// Memory has been mapped, and its shadow is empty.
void begins(uptr begin, size_t bytes) {
  if (HINDSIGHT_LIKELY(begin >= kTinyEnd)) return;
  static constinit bool said = false;
  if (checkTinyMemory())
    tinyMapped(begin, bytes);
  else
    sayOnce(said, kGranted);
}
/// It will be unmapped.
void ends(uptr begin, size_t bytes) {
  if (HINDSIGHT_UNLIKELY(begin < kTinyEnd)) tinyUnmapped(begin, bytes);
}

}  // namespace

bool admitsMapping(void*& address, size_t bytes, int flags) {
#ifdef MAP_32BIT
  if ((flags & MAP_32BIT) != 0 && !isFixed(flags) && !checkTinyMemory()) {
    static constinit bool said = false;
    sayOnce(said, kRefused);
    errno = ENOMEM;
    return false;
  }
#endif
  const bool hits = wouldHitShadow(address, bytes);
  if (isFixed(flags)) {
    if (hits) errno = ENOMEM;
    return !hits;
  }
  if (hits || (address != nullptr && isLow(address) && !checkTinyMemory())) address = nullptr;
  return true;
}

bool admitsMove(void* target, size_t bytes) {
  if (!wouldHitShadow(target, bytes)) return true;
  errno = ENOMEM;
  return false;
}

void unmapping(InterceptedCall& call, void* address, size_t bytes) {
  const auto begin = reinterpret_cast<uptr>(address);
  if (begin % kPageSize != 0 || bytes == 0 || bytes > SIZE_MAX - kPageSize) return;
  bytes = roundUp(bytes, kPageSize);  // as the kernel does
  if (begin + bytes < begin) return;
  const uptr name = shadowOfRange(begin, bytes);
  if (!isApplication(name, bytes) || (name != begin && !tinyUnmapped(begin, bytes))) return;
  forgetContexts(begin, bytes);
  if (!call.isIgnored())
    checkRelease(call.thread(), name, bytes, {call.pc(), call.thread().tls->stack});
  // The addresses may come back in a mapping that we do not see (the loader's, a library's own).
  resetShadow(name, bytes);
}

void mappingStarts(InterceptedCall& call, void* address, size_t bytes, int flags) {
  if ((flags & MAP_FIXED) != 0) unmapping(call, address, bytes);
}

void mappingMade(void* result, size_t bytes) {
  const auto begin = reinterpret_cast<uptr>(result);
  bytes = roundUp(bytes, kPageSize);
  resetShadow(begin, bytes);
  begins(begin, bytes);
}

void remappingStarts(InterceptedCall& call, void* target, size_t new_bytes) {
  if (target != nullptr) unmapping(call, target, new_bytes);
}

void remapped(void* address, size_t old_bytes, void* result, size_t new_bytes) {
  const auto old_begin = reinterpret_cast<uptr>(address), begin = reinterpret_cast<uptr>(result);
  old_bytes = roundUp(old_bytes, kPageSize);
  new_bytes = roundUp(new_bytes, kPageSize);
  if (begin != old_begin) {
    // Moved: it starts afresh, which may hide a race with accesses before the move but invents
    // none.
    resetShadow(begin, new_bytes);
    resetShadow(old_begin, old_bytes);
    ends(old_begin, old_bytes);
    begins(begin, new_bytes);
  } else if (new_bytes > old_bytes) {
    resetShadow(begin + old_bytes, new_bytes - old_bytes);
    begins(begin + old_bytes, new_bytes - old_bytes);
  } else if (new_bytes < old_bytes) {
    resetShadow(begin + new_bytes, old_bytes - new_bytes);
    ends(begin + new_bytes, old_bytes - new_bytes);
  }
}

HINDSIGHT_INTERCEPTOR void* mmap(void* address, size_t bytes, int protection, int flags, int fd,
                                 off_t offset) noexcept {
  // Also for calls that do not count: an allocator of the program's that the C library calls for
  // us, or that is called before we are up, uses what it gets in instrumented code all the same.
  if (!admitsMapping(address, bytes, flags)) return MAP_FAILED;
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) {
    void* const result = real.mmap(address, bytes, protection, flags, fd, offset);
    if (HINDSIGHT_UNLIKELY(isLow(result)))
      begins(reinterpret_cast<uptr>(result), roundUp(bytes, kPageSize));
    return result;
  }
  mappingStarts(call, address, bytes, flags);
  void* result =
      call.blocking([&] { return real.mmap(address, bytes, protection, flags, fd, offset); });
  if (result != MAP_FAILED) mappingMade(result, bytes);
  return result;
}
HINDSIGHT_ALIAS(mmap64, mmap);

HINDSIGHT_INTERCEPTOR int munmap(void* address, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.munmap(address, bytes);
  unmapping(call, address, bytes);
  return call.blocking([&] { return real.munmap(address, bytes); });
}

HINDSIGHT_INTERCEPTOR void* mremap(void* address, size_t old_bytes, size_t new_bytes, int flags,
                                   ...) noexcept {
  __builtin_va_list list;
  __builtin_va_start(list, flags);
  void* target = (flags & MREMAP_FIXED) != 0 ? __builtin_va_arg(list, void*) : nullptr;
  __builtin_va_end(list);
  if (!admitsMove(target, new_bytes)) return MAP_FAILED;
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mremap(address, old_bytes, new_bytes, flags, target);
  remappingStarts(call, target, new_bytes);
  void* result =
      call.blocking([&] { return real.mremap(address, old_bytes, new_bytes, flags, target); });
  if (result != MAP_FAILED) remapped(address, old_bytes, result, new_bytes);
  return result;
}

}  // namespace hindsight
