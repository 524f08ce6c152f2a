// The malloc family: every block gets a header that says who allocated it, starts with an empty
// shadow, and counts as written whole when it is given back.
//
// A block from before the runtime was up, or from inside it, has no header; the block-start bit
// tells. While dlsym looks for the real malloc, memory comes from the runtime's own arena.
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

#include "base/arena.h"
#include "entry/access.h"
#include "entry/release.h"
#include "heap/heap.h"
#include "history/stack_depot.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

constexpr size_t kHeader = sizeof(BlockHeader);

/// Empties the shadow of fresh memory, with the whole of its last word: an allocator's blocks never
/// share one, and what the word's last owner did to it must be forgotten.
void resetWords(uptr address, size_t bytes) {
  resetShadow(address, roundUp(address + bytes, kWordSize) - address);
}

/// Memory that carries no header, as the C library gave it.
void* beginPlain(void* block, size_t bytes) {
  if (block != nullptr) resetWords(reinterpret_cast<uptr>(block), bytes);
  return block;
}

/// Fills the header in front of `block` and empties the shadow. `pc` is that of operator new if malloc
/// serves it.
void beginBlock(Thread& thread, uptr block, size_t bytes, size_t offset, uptr pc) {
  BlockHeader& header = headerOf(block);
  header.stack = depotPut(pc, thread.history.stack, thread.tls->stack);
  header.thread_id = thread.id;
  header.size = bytes;
  header.offset16 = static_cast<u16>(offset / 16);
  resetWords(block, max<size_t>(bytes, 1));
  blockBegins(block);
}

uptr takeAllocationPc(uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  const uptr outer = tls.allocation_pc;
  tls.allocation_pc = 0;
  return outer != 0 ? outer : pc;
}

/// `allocate(bytes)` gives raw memory aligned to 16.
template <class Allocate>
void* allocateBlock(InterceptedCall& call, size_t bytes, size_t alignment, Allocate allocate) {
  const uptr pc = takeAllocationPc(call.pc());
  const size_t slack = alignment > 16 ? alignment : 0;
  if (bytes > SIZE_MAX / 2 || slack > kLargestOffset - kHeader) {
    // Alignments above a megabyte carry no header; sizes like this fail for the real malloc too.
    if (bytes <= SIZE_MAX / 2)
      return beginPlain(call.blocking([&] { return real.memalign(alignment, bytes); }), bytes);
    errno = ENOMEM;
    call.keepErrno();
    return nullptr;
  }
  const auto raw =
      reinterpret_cast<uptr>(call.blocking([&] { return allocate(bytes + kHeader + slack); }));
  if (raw == 0) return nullptr;
  const uptr block = alignment > 16 ? roundUp(raw + kHeader, alignment) : raw + kHeader;
  beginBlock(call.thread(), block, bytes, block - raw, pc);
  return reinterpret_cast<void*>(block);
}

void freeBlock(InterceptedCall& call, uptr block) {
  BlockHeader& header = headerOf(block);
  const size_t bytes = header.size;
  checkRelease(call.thread(), block, bytes, {call.pc(), call.thread().tls->stack});
  // The C library gives large blocks back to the kernel, and their addresses may return unseen.
  if (bytes >= kLargeRelease) resetShadow(block, bytes);
  blockEnds(block);
  const uptr raw = block - header.offset16 * 16ul;
  call.blocking([&] { real.free(reinterpret_cast<void*>(raw)); });
}

void* rawOf(uptr block) { return reinterpret_cast<void*>(block - headerOf(block).offset16 * 16ul); }

/// The free of a call that may not enter the runtime.
void bypassFree(void* pointer) {
  const auto block = reinterpret_cast<uptr>(pointer);
  if (isRuntimeMemory(pointer)) return internalFree(pointer);
  if (pointer != nullptr && isBlock(block)) {
    void* raw = rawOf(block);
    blockEnds(block);
    return real.free(raw);
  }
  real.free(pointer);
}

void* earlyMalloc(size_t bytes) {
  if (real.malloc.exists()) return real.malloc(bytes);
  return internalCalloc(1, bytes);
}

void* resizeBlock(InterceptedCall& call, uptr block, size_t bytes) {
  BlockHeader& header = headerOf(block);
  const size_t old_bytes = header.size;
  const size_t room = real.malloc_usable_size(rawOf(block)) - header.offset16 * 16ul;
  if (bytes <= room && bytes >= room / 2) {
    if (bytes < old_bytes)
      checkFree(call.thread(), block + bytes, old_bytes - bytes,
                {call.pc(), call.thread().tls->stack});
    else
      resetWords(block + old_bytes, bytes - old_bytes);
    header.size = bytes;
    return reinterpret_cast<void*>(block);
  }
  void* moved = allocateBlock(call, bytes, 16, [](size_t n) { return real.malloc(n); });
  if (moved == nullptr) return nullptr;
  real.memcpy(moved, reinterpret_cast<void*>(block), min(old_bytes, bytes));
  freeBlock(call, block);
  return moved;
}

}  // namespace

HINDSIGHT_INTERCEPTOR void* malloc(size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return earlyMalloc(bytes);
  return allocateBlock(call, bytes, 16, [](size_t n) { return real.malloc(n); });
}

HINDSIGHT_INTERCEPTOR void* calloc(size_t count, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  size_t total;
  if (__builtin_mul_overflow(count, bytes, &total)) {
    errno = ENOMEM;
    if (!call.bypass()) call.keepErrno();
    return nullptr;
  }
  if (call.bypass()) return real.calloc.exists() ? real.calloc(1, total) : internalCalloc(1, total);
  return allocateBlock(call, total, 16, [](size_t n) { return real.calloc(1, n); });
}

HINDSIGHT_INTERCEPTOR void free(void* pointer) noexcept {
  if (pointer == nullptr) return;
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  const auto block = reinterpret_cast<uptr>(pointer);
  if (call.bypass() || isRuntimeMemory(pointer) || !isBlock(block)) return bypassFree(pointer);
  freeBlock(call, block);
}

HINDSIGHT_INTERCEPTOR void* realloc(void* pointer, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  const auto block = reinterpret_cast<uptr>(pointer);
  if (pointer == nullptr) {
    if (call.bypass()) return earlyMalloc(bytes);
    return allocateBlock(call, bytes, 16, [](size_t n) { return real.malloc(n); });
  }
  const bool ours = !isRuntimeMemory(pointer) && isBlock(block);
  if (!call.bypass() && ours) {
    if (bytes != 0) return resizeBlock(call, block, bytes);
    freeBlock(call, block);
    return nullptr;
  }
  if (!ours && !isRuntimeMemory(pointer)) return real.realloc(pointer, bytes);
  // From another world (the runtime's arena, or with a header while we may not keep one): move it.
  void* moved = earlyMalloc(bytes);
  if (moved == nullptr) return nullptr;
  const size_t old_bytes = ours ? headerOf(block).size : internalSize(pointer);
  real.memcpy(moved, pointer, min(old_bytes, bytes));
  bypassFree(pointer);
  return moved;
}

HINDSIGHT_INTERCEPTOR void* reallocarray(void* pointer, size_t count, size_t bytes) noexcept {
  size_t total;
  if (__builtin_mul_overflow(count, bytes, &total)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(pointer, total);
}

HINDSIGHT_INTERCEPTOR void* memalign(size_t alignment, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.memalign(alignment, bytes);
  if ((alignment & (alignment - 1)) != 0)  // glibc rounds up to a power of two
    alignment = 2ul << (63 - __builtin_clzl(alignment));
  return allocateBlock(call, bytes, alignment, [](size_t n) { return real.malloc(n); });
}

HINDSIGHT_INTERCEPTOR void* aligned_alloc(size_t alignment, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.aligned_alloc(alignment, bytes);
  if ((alignment & (alignment - 1)) != 0)
    return beginPlain(call.blocking([&] { return real.aligned_alloc(alignment, bytes); }), bytes);
  return allocateBlock(call, bytes, alignment, [](size_t n) { return real.malloc(n); });
}

HINDSIGHT_INTERCEPTOR int posix_memalign(void** out, size_t alignment, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.posix_memalign(out, alignment, bytes);
  if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0)
    return EINVAL;
  void* block = allocateBlock(call, bytes, alignment, [](size_t n) { return real.malloc(n); });
  if (block == nullptr) return ENOMEM;
  *out = block;
  call.writes(out, sizeof(*out));
  return 0;
}

HINDSIGHT_INTERCEPTOR void* valloc(size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.valloc(bytes);
  return allocateBlock(call, bytes, kPageSize, [](size_t n) { return real.malloc(n); });
}

HINDSIGHT_INTERCEPTOR void* pvalloc(size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pvalloc(bytes);
  return allocateBlock(call, roundUp(bytes, kPageSize), kPageSize,
                       [](size_t n) { return real.malloc(n); });
}

HINDSIGHT_INTERCEPTOR size_t malloc_usable_size(void* pointer) noexcept {
  const auto block = reinterpret_cast<uptr>(pointer);
  if (pointer == nullptr) return 0;
  if (isRuntimeMemory(pointer)) return internalSize(pointer);
  if (isBlock(block)) return headerOf(block).size;
  return real.malloc_usable_size(pointer);
}

}  // namespace hindsight
