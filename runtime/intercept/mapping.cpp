// mmap, munmap, mremap: mapped memory starts afresh, unmapped memory counts as written whole.
#include <errno.h>
#include <sys/mman.h>

#include "core/address_map.h"
#include "entry/access.h"
#include "entry/release.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "threads/contexts.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

void checkUnmap(InterceptedCall& call, void* address, size_t bytes) {
  const auto begin = reinterpret_cast<uptr>(address);
  if (begin % kPageSize != 0 || bytes == 0 || begin + bytes < begin ||
      !isApplication(begin, bytes))
    return;
  forgetContexts(begin, bytes);
  if (!call.isIgnored())
    checkRelease(call.thread(), begin, bytes, {call.pc(), call.thread().tls->stack});
  // The addresses may come back in a mapping that we do not see (the loader's, a library's own).
  resetShadow(begin, bytes);
}

bool wouldHitShadow(void* address, size_t bytes) {
  const auto begin = reinterpret_cast<uptr>(address);
  return begin != 0 && !isApplication(begin, bytes) && begin >= kTinyEnd && begin < address_layout.high_begin;
}

}  // namespace

HINDSIGHT_INTERCEPTOR void* mmap(void* address, size_t bytes, int protection, int flags, int fd,
                                 off_t offset) noexcept {
  // Also for calls that do not count: an allocator of the program's that the C library calls for us, or that is
  // called before we are up, uses what it gets in instrumented code all the same.
  const bool fixed = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0;
  bool refused = false;
  if (wouldHitShadow(address, bytes)) {
    refused = fixed;
    address = nullptr;  // only a hint
  }
#ifdef MAP_32BIT
  // Low memory has no shadow: refused, as when it is exhausted, which callers must handle.
  refused |= (flags & MAP_32BIT) != 0;
#endif
  if (refused) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mmap(address, bytes, protection, flags, fd, offset);
  if ((flags & MAP_FIXED) != 0) checkUnmap(call, address, bytes);
  void* result =
      call.blocking([&] { return real.mmap(address, bytes, protection, flags, fd, offset); });
  if (result != MAP_FAILED) resetShadow(reinterpret_cast<uptr>(result), roundUp(bytes, kPageSize));
  return result;
}
HINDSIGHT_ALIAS(mmap64, mmap);

HINDSIGHT_INTERCEPTOR int munmap(void* address, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.munmap(address, bytes);
  checkUnmap(call, address, bytes);
  return call.blocking([&] { return real.munmap(address, bytes); });
}

HINDSIGHT_INTERCEPTOR void* mremap(void* address, size_t old_bytes, size_t new_bytes, int flags,
                                   ...) noexcept {
  __builtin_va_list list;
  __builtin_va_start(list, flags);
  void* target = (flags & MREMAP_FIXED) != 0 ? __builtin_va_arg(list, void*) : nullptr;
  __builtin_va_end(list);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mremap(address, old_bytes, new_bytes, flags, target);
  if (wouldHitShadow(target, new_bytes)) {
    errno = ENOMEM;
    call.keepErrno();
    return MAP_FAILED;
  }
  if (target != nullptr) checkUnmap(call, target, new_bytes);
  void* result =
      call.blocking([&] { return real.mremap(address, old_bytes, new_bytes, flags, target); });
  if (result == MAP_FAILED) return result;
  const auto old_begin = reinterpret_cast<uptr>(address), begin = reinterpret_cast<uptr>(result);
  old_bytes = roundUp(old_bytes, kPageSize);
  new_bytes = roundUp(new_bytes, kPageSize);
  if (begin != old_begin) {
    // Moved: it starts afresh, which may hide a race with accesses before the move but invents none.
    resetShadow(begin, new_bytes);
    resetShadow(old_begin, old_bytes);
  } else if (new_bytes > old_bytes) {
    resetShadow(begin + old_bytes, new_bytes - old_bytes);
  } else if (new_bytes < old_bytes) {
    resetShadow(begin + new_bytes, old_bytes - new_bytes);
  }
  return result;
}

}  // namespace hindsight
