// The malloc family: of every block it is known who allocated it, it starts with an empty shadow,
// and it counts as written whole when it is given back.
//
// A block from before the runtime was up, or from inside it, is not known; the block image tells.
// While dlsym looks for the real malloc, memory comes from the runtime's own arena.
#include "intercept/malloc.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

#include "base/arena.h"
#include "entry/access.h"
#include "entry/release.h"
#include "heap/allocator_code.h"
#include "heap/heap.h"
#include "heap/heap_hooks.h"
#include "history/stack_depot.h"
#include "intercept/described_library.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "intercept/signal_safety.h"
#include "report/benign_races.h"
#include "threads/contexts.h"
#include "threads/memory_limit.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

/// Whether the allocator is the C library's own: it calls nothing that is instrumented or
/// intercepted and waits for nobody but threads that are in it too, so it may run inside the
/// runtime.
constinit bool calm_allocator = false;
/// Up to this size it does not ask the kernel for each block.
constexpr size_t kLargestCalmCall = 64 * 1024;

bool isCalm(size_t bytes) { return calm_allocator && bytes <= kLargestCalmCall; }

/// Runs `allocate` outside the runtime. What an allocator that replaces the C library's does to its
/// memory by the C library's functions (memset in calloc) and to its locks is no business of the
/// program's.
template <class Allocate>
auto runAllocator(InterceptedCall& call, Allocate allocate) {
  class Ignored {
   public:
    explicit Ignored(Thread& thread) : thread_(thread) {
      if (!calm_allocator) beginAllocator(thread_);
    }
    ~Ignored() {
      if (!calm_allocator) endAllocator(thread_);
    }

   private:
    Thread& thread_;
  } ignored(call.thread());
  return call.blocking(allocate);
}

/// Whether an allocator calls its own functions by their names: one block is not to be known twice,
/// and its malloc may be made of the very memalign that we make of malloc.
bool isFromAllocator(InterceptedCall& call) {
  return !calm_allocator && call.thread().inner.in_allocator != 0;
}

/// Empties the shadow of fresh memory, with the whole of its last pair of words: an allocator's
/// blocks never share one (heap/heap.h, I1), and what the last owner did to it must be forgotten.
void resetWords(uptr address, size_t bytes) {
  resetShadow(address, roundUp(address + bytes, 2 * kWordSize) - address);
}

/// Memory of which nothing is known, as the C library gave it.
void* beginPlain(void* block, size_t bytes) {
  if (block != nullptr) resetWords(reinterpret_cast<uptr>(block), bytes);
  return block;
}

uptr takeAllocationPc(uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  const uptr outer = tls.allocation_pc;
  tls.allocation_pc = 0;
  return outer != 0 ? outer : pc;
}

/// More than there are addresses: the real malloc says so.
HINDSIGHT_NOINLINE void* allocateUnknown(InterceptedCall& call, size_t bytes, size_t alignment) {
  if (bytes <= SIZE_MAX / 2)
    return beginPlain(runAllocator(call, [&] { return real.memalign(alignment, bytes); }), bytes);
  errno = ENOMEM;
  call.keepErrno();
  return nullptr;
}

/// `allocate(room)` gives raw memory aligned to 16; the block begins at the first multiple of
/// `alignment` in it.
template <class Allocate>
HINDSIGHT_ALWAYS_INLINE void* allocateIn(InterceptedCall& call, size_t bytes, size_t room,
                                         size_t alignment, uptr pc, Allocate allocate) {
  Thread& thread = call.thread();
  unsafeInHandler(call, "malloc");
  const u32 stack = depotPut(pc, thread.history.stack, call.top());
  const auto raw = reinterpret_cast<uptr>(HINDSIGHT_LIKELY(isCalm(room))
                                              ? allocate(room)
                                              : runAllocator(call, [&] { return allocate(room); }));
  if (HINDSIGHT_UNLIKELY(room > kLargestCalmCall)) lookAtMemoryLimit();
  if (HINDSIGHT_UNLIKELY(raw % kBlockAlignment != 0))
    return beginPlain(reinterpret_cast<void*>(raw), bytes);
  if (HINDSIGHT_UNLIKELY(raw == 0)) {
    call.keepErrno();
    return nullptr;
  }
  const uptr block = roundUp(raw, max(alignment, kBlockAlignment));
  resetWords(block, max<size_t>(bytes, 1));
  blockBegins(block, {stack, thread.id, bytes, block - raw});
  announceBlock(block, bytes);
  return reinterpret_cast<void*>(block);
}

/// How far such a block would lie behind its raw memory has no room in a record: the allocator
/// aligns it, and takes it back as it is.
HINDSIGHT_NOINLINE void* allocateFarAligned(InterceptedCall& call, size_t bytes, size_t alignment,
                                            uptr pc) {
  return allocateIn(call, bytes, max(bytes, kLeastRoom) + alignment, kBlockAlignment, pc,
                    [=](size_t room) { return real.memalign(alignment, room - alignment); });
}

/// `allocate(bytes)` gives raw memory aligned to 16.
template <class Allocate>
HINDSIGHT_ALWAYS_INLINE void* allocateBlock(InterceptedCall& call, size_t bytes, size_t alignment,
                                            Allocate allocate) {
  // The pc is that of operator new if malloc serves it.
  const uptr pc = takeAllocationPc(call.pc());
  const size_t slack = alignment > kBlockAlignment ? alignment : 0;
  if (HINDSIGHT_UNLIKELY(bytes > kLargestBlock)) return allocateUnknown(call, bytes, alignment);
  if (HINDSIGHT_UNLIKELY(slack > kLargestOffset))
    return allocateFarAligned(call, bytes, alignment, pc);
  if (HINDSIGHT_UNLIKELY(isFromAllocator(call)))
    return runAllocator(call, [&] { return allocate(bytes); });
  return allocateIn(call, bytes, max(bytes, kLeastRoom) + slack, alignment, pc, allocate);
}

void* rawOf(uptr block) { return reinterpret_cast<void*>(block - offsetOf(block)); }

HINDSIGHT_ALWAYS_INLINE void freeBlock(InterceptedCall& call, uptr block) {
  const size_t bytes = sizeOf(block);
  unsafeInHandler(call, "free");
  announceFree(block);
  forgetAnnotations(block, bytes);
  forgetContexts(block, bytes);
  if (!call.isIgnored()) checkRelease(call.thread(), block, bytes, {call.pc(), call.top()}, true);
  // The C library gives large blocks back to the kernel, and their addresses may return unseen.
  if (bytes >= kLargeRelease) resetShadow(block, bytes);
  void* const raw = rawOf(block);
  blockEnds(block);
  if (HINDSIGHT_LIKELY(isCalm(bytes)))
    real.free(raw);
  else
    runAllocator(call, [&] { real.free(raw); });
}

/// The free of a call that may not enter the runtime.
HINDSIGHT_NOINLINE void bypassFree(void* pointer) {
  const auto block = reinterpret_cast<uptr>(pointer);
  if (isRuntimeMemory(pointer)) return internalFree(pointer);
  if (pointer != nullptr && isBlock(block)) {
    void* raw = rawOf(block);
    blockEnds(block);
    return real.free(raw);
  }
  real.free(pointer);
}

HINDSIGHT_NOINLINE void* earlyMalloc(size_t bytes) {
  if (real.malloc.exists()) return real.malloc(bytes);
  return internalCalloc(1, bytes);
}

HINDSIGHT_NOINLINE void* resizeBlock(InterceptedCall& call, uptr block, size_t bytes) {
  const size_t old_bytes = sizeOf(block);
  const size_t room = real.malloc_usable_size(rawOf(block)) - offsetOf(block);
  if (bytes <= room && bytes >= room / 2) {
    if (bytes >= old_bytes)
      resetWords(block + old_bytes, bytes - old_bytes);
    else if (!call.isIgnored())
      checkFree(call.thread(), block + bytes, old_bytes - bytes, {call.pc(), call.top()});
    changeSize(block, bytes);
    return reinterpret_cast<void*>(block);
  }
  void* moved =
      allocateBlock(call, bytes, kBlockAlignment, [](size_t n) { return real.malloc(n); });
  if (moved == nullptr) return nullptr;
  real.memcpy(moved, reinterpret_cast<void*>(block), min(old_bytes, bytes));
  freeBlock(call, block);
  return moved;
}

template <class Function>
bool isOf(const Dl_info& library, const RealFunction<Function>& function) {
  Dl_info found;
  Function* const address = function;
  return dladdr(reinterpret_cast<void*>(address), &found) != 0 &&
         found.dli_fbase == library.dli_fbase;
}

}  // namespace

void initMalloc() {
  Dl_info libc;
  calm_allocator = dladdr(reinterpret_cast<void*>(&__errno_location), &libc) != 0 &&
                   isOf(libc, real.malloc) && isOf(libc, real.calloc) && isOf(libc, real.free);
  if (calm_allocator) return;
  void* (*const allocate)(size_t) = real.malloc;
  const LibraryCode library = libraryCodeAt(reinterpret_cast<uptr>(allocate));
  allocator_code = {library.begin, library.bytes};
}

bool isOfOtherAllocator(void* function) {
  Dl_info library;
  return !calm_allocator && dladdr(function, &library) != 0 && isOf(library, real.malloc);
}

HINDSIGHT_INTERCEPTOR void* malloc(size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return earlyMalloc(bytes);
  void* block =
      allocateBlock(call, bytes, kBlockAlignment, [](size_t n) { return real.malloc(n); });
  if (HINDSIGHT_LIKELY(isCalm(bytes))) call.finish();
  return block;
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
  return allocateBlock(call, total, kBlockAlignment, [](size_t n) { return real.calloc(1, n); });
}

HINDSIGHT_INTERCEPTOR void free(void* pointer) noexcept {
  if (pointer == nullptr) return;
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  const auto block = reinterpret_cast<uptr>(pointer);
  if (call.bypass() || isRuntimeMemory(pointer) || !isBlock(block)) return bypassFree(pointer);
  const bool calm = isCalm(sizeOf(block));
  freeBlock(call, block);
  if (HINDSIGHT_LIKELY(calm)) call.finish();
}

HINDSIGHT_INTERCEPTOR void* realloc(void* pointer, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  const auto block = reinterpret_cast<uptr>(pointer);
  if (pointer == nullptr) {
    if (call.bypass()) return earlyMalloc(bytes);
    return allocateBlock(call, bytes, kBlockAlignment, [](size_t n) { return real.malloc(n); });
  }
  const bool ours = !isRuntimeMemory(pointer) && isBlock(block);
  if (!call.bypass() && ours) {
    if (bytes != 0) return resizeBlock(call, block, bytes);
    freeBlock(call, block);
    return nullptr;
  }
  if (!ours && !isRuntimeMemory(pointer)) return real.realloc(pointer, bytes);
  // From another world (the runtime's arena, or known to us while we may not keep a record): move
  // it.
  void* moved = earlyMalloc(bytes);
  if (moved == nullptr) return nullptr;
  const size_t old_bytes = ours ? sizeOf(block) : internalSize(pointer);
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
  if (isFromAllocator(call))
    return runAllocator(call, [&] { return real.memalign(alignment, bytes); });
  constexpr size_t kLargestAlignment = SIZE_MAX / 2 + 1;
  if (alignment > kLargestAlignment) {
    errno = EINVAL;
    call.keepErrno();
    return nullptr;
  }
  if ((alignment & (alignment - 1)) != 0)  // glibc rounds up to a power of two
    alignment = 2ul << (63 - __builtin_clzl(alignment));
  return allocateBlock(call, bytes, alignment, [](size_t n) { return real.malloc(n); });
}

HINDSIGHT_INTERCEPTOR void* aligned_alloc(size_t alignment, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.aligned_alloc(alignment, bytes);
  if (isFromAllocator(call))
    return runAllocator(call, [&] { return real.aligned_alloc(alignment, bytes); });
  if ((alignment & (alignment - 1)) != 0)
    return beginPlain(runAllocator(call, [&] { return real.aligned_alloc(alignment, bytes); }),
                      bytes);
  return allocateBlock(call, bytes, alignment, [](size_t n) { return real.malloc(n); });
}

HINDSIGHT_INTERCEPTOR int posix_memalign(void** out, size_t alignment, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.posix_memalign(out, alignment, bytes);
  if (isFromAllocator(call))
    return runAllocator(call, [&] { return real.posix_memalign(out, alignment, bytes); });
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
  if (isFromAllocator(call)) return runAllocator(call, [&] { return real.valloc(bytes); });
  return allocateBlock(call, bytes, kPageSize, [](size_t n) { return real.malloc(n); });
}

HINDSIGHT_INTERCEPTOR void* pvalloc(size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pvalloc(bytes);
  if (isFromAllocator(call)) return runAllocator(call, [&] { return real.pvalloc(bytes); });
  if (bytes > SIZE_MAX - kPageSize) {
    errno = ENOMEM;
    call.keepErrno();
    return nullptr;
  }
  return allocateBlock(call, roundUp(bytes, kPageSize), kPageSize,
                       [](size_t n) { return real.malloc(n); });
}

HINDSIGHT_INTERCEPTOR size_t malloc_usable_size(void* pointer) noexcept {
  const auto block = reinterpret_cast<uptr>(pointer);
  if (pointer == nullptr) return 0;
  if (isRuntimeMemory(pointer)) return internalSize(pointer);
  if (isBlock(block)) return sizeOf(block);
  return real.malloc_usable_size(pointer);
}

}  // namespace hindsight
