// operator new and delete, for the caller's pc only: the C++ library's own do the work (new
// handlers, bad_alloc) and end in malloc and free, which note where the allocation came from.
//
// A C++ library that is linked statically has no second definition that could be called, and those
// of an allocator that replaces malloc (LD_PRELOAD) do not end in malloc and free; then the
// operators are made here from malloc, and from the library's parts of them.
//
// Weak: a program's own replacement wins. A C program never calls them.
#include <stdlib.h>

#include "intercept/malloc.h"
#include "intercept/real_calls.h"
#include "threads/thread.h"

// std::get_new_handler and std::__throw_bad_alloc, if the program has a C++ library.
extern "C" __attribute__((weak)) void (*_ZSt15get_new_handlerv())();
extern "C" __attribute__((weak)) void _ZSt17__throw_bad_allocv();

namespace hindsight {

enum class Alignment : size_t {};
struct NoThrow;

namespace {

char no_operator;  // its address stands for "there is none"

/// The C++ library's operator, found by its mangled name; null if there is none that ends in malloc
/// or free.
void* realOperator(const char* name, void*& cache) {
  void* function = __atomic_load_n(&cache, __ATOMIC_RELAXED);  // same value from anyone
  if (function == nullptr) {
    function = findRealFunction(name, nullptr);
    if (function == nullptr || isOfOtherAllocator(function)) function = &no_operator;
    __atomic_store_n(&cache, function, __ATOMIC_RELAXED);
  }
  return function == &no_operator ? nullptr : function;
}

/// The operators as the standard describes them [new.delete.single].
void* allocate(size_t bytes, size_t alignment, bool may_throw) {
  for (;;) {
    void* block = alignment <= 2 * sizeof(void*) ? malloc(bytes) : aligned_alloc(alignment, bytes);
    if (block != nullptr) return block;
    auto* handler = _ZSt15get_new_handlerv != nullptr ? _ZSt15get_new_handlerv() : nullptr;
    if (handler == nullptr) break;
    handler();
  }
  if (!may_throw) return nullptr;
  if (_ZSt17__throw_bad_allocv != nullptr) _ZSt17__throw_bad_allocv();
  abort();
}
void* allocateHere(size_t bytes) { return allocate(bytes, 0, true); }
void* allocateHere(size_t bytes, const NoThrow*) { return allocate(bytes, 0, false); }
void* allocateHere(size_t bytes, Alignment alignment) {
  return allocate(bytes, static_cast<size_t>(alignment), true);
}
void* allocateHere(size_t bytes, Alignment alignment, const NoThrow*) {
  return allocate(bytes, static_cast<size_t>(alignment), false);
}

}  // namespace

#define HINDSIGHT_WEAK extern "C" __attribute__((visibility("default"), weak))
#define HINDSIGHT_NEW(symbol, parameters, ...)                                          \
  HINDSIGHT_WEAK void* symbol parameters {                                              \
    static constinit void* function = nullptr;                                          \
    TlsBlock& tls = __hindsight_tls;                                                    \
    if (tls.in_runtime == 0)                                                            \
      tls.allocation_pc = reinterpret_cast<uptr>(__builtin_return_address(0));          \
    auto* call = reinterpret_cast<void*(*)parameters>(realOperator(#symbol, function)); \
    void* block = call != nullptr ? call(__VA_ARGS__) : allocateHere(__VA_ARGS__);      \
    tls.allocation_pc = 0;                                                              \
    return block;                                                                       \
  }

// new, new[] and their nothrow and aligned forms [new.delete].
HINDSIGHT_NEW(_Znwm, (size_t bytes), bytes)
HINDSIGHT_NEW(_Znam, (size_t bytes), bytes)
HINDSIGHT_NEW(_ZnwmRKSt9nothrow_t, (size_t bytes, const NoThrow* tag), bytes, tag)
HINDSIGHT_NEW(_ZnamRKSt9nothrow_t, (size_t bytes, const NoThrow* tag), bytes, tag)
HINDSIGHT_NEW(_ZnwmSt11align_val_t, (size_t bytes, Alignment alignment), bytes, alignment)
HINDSIGHT_NEW(_ZnamSt11align_val_t, (size_t bytes, Alignment alignment), bytes, alignment)
HINDSIGHT_NEW(_ZnwmSt11align_val_tRKSt9nothrow_t,
              (size_t bytes, Alignment alignment, const NoThrow* tag), bytes, alignment, tag)
HINDSIGHT_NEW(_ZnamSt11align_val_tRKSt9nothrow_t,
              (size_t bytes, Alignment alignment, const NoThrow* tag), bytes, alignment, tag)

#define HINDSIGHT_DELETE(symbol, parameters, ...)                                       \
  HINDSIGHT_WEAK void symbol parameters {                                               \
    static constinit void* function = nullptr;                                          \
    auto* call = reinterpret_cast<void(*) parameters>(realOperator(#symbol, function)); \
    if (call != nullptr) return call(__VA_ARGS__);                                      \
    free(block);                                                                        \
  }

// delete, delete[] and their sized, aligned and nothrow forms.
HINDSIGHT_DELETE(_ZdlPv, (void* block), block)
HINDSIGHT_DELETE(_ZdaPv, (void* block), block)
HINDSIGHT_DELETE(_ZdlPvm, (void* block, size_t bytes), block, bytes)
HINDSIGHT_DELETE(_ZdaPvm, (void* block, size_t bytes), block, bytes)
HINDSIGHT_DELETE(_ZdlPvRKSt9nothrow_t, (void* block, const NoThrow* tag), block, tag)
HINDSIGHT_DELETE(_ZdaPvRKSt9nothrow_t, (void* block, const NoThrow* tag), block, tag)
HINDSIGHT_DELETE(_ZdlPvSt11align_val_t, (void* block, Alignment alignment), block, alignment)
HINDSIGHT_DELETE(_ZdaPvSt11align_val_t, (void* block, Alignment alignment), block, alignment)
HINDSIGHT_DELETE(_ZdlPvmSt11align_val_t, (void* block, size_t bytes, Alignment alignment), block,
                 bytes, alignment)
HINDSIGHT_DELETE(_ZdaPvmSt11align_val_t, (void* block, size_t bytes, Alignment alignment), block,
                 bytes, alignment)
HINDSIGHT_DELETE(_ZdlPvSt11align_val_tRKSt9nothrow_t,
                 (void* block, Alignment alignment, const NoThrow* tag), block, alignment, tag)
HINDSIGHT_DELETE(_ZdaPvSt11align_val_tRKSt9nothrow_t,
                 (void* block, Alignment alignment, const NoThrow* tag), block, alignment, tag)

}  // namespace hindsight
