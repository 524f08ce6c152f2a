// operator new and delete, for the caller's pc only: the C++ library's own do the work (new
// handlers, bad_alloc) and end in malloc and free, which note where the allocation came from.
//
// A C++ library that is linked statically has no second definition that could be called; then the
// operators are made here from malloc, and from the library's parts of them.
//
// Weak: a program's own replacement wins. A C program never calls them.
#include <stdlib.h>

#include "intercept/real_calls.h"
#include "threads/thread.h"

// std::get_new_handler and std::__throw_bad_alloc, if the program has a C++ library.
extern "C" __attribute__((weak)) void (*_ZSt15get_new_handlerv())();
extern "C" __attribute__((weak)) void _ZSt17__throw_bad_allocv();

namespace hindsight {

enum class Alignment : size_t {};
struct NoThrow;

namespace {

/// The C++ library's operator, found by its mangled name.
void* realOperator(const char* name, void*& cache) {
  if (cache == nullptr) cache = findRealFunction(name, nullptr);
  return cache;
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
#define HINDSIGHT_NEW(symbol, parameters, ...)                                            \
  HINDSIGHT_WEAK void* symbol parameters {                                                \
    static constinit void* function = nullptr;                                            \
    TlsBlock& tls = __hindsight_tls;                                                      \
    if (tls.in_runtime == 0)                                                              \
      tls.allocation_pc = reinterpret_cast<uptr>(__builtin_return_address(0));            \
    auto* call = reinterpret_cast<void* (*)parameters>(realOperator(#symbol, function));  \
    void* block = call != nullptr ? call(__VA_ARGS__) : allocateHere(__VA_ARGS__);        \
    tls.allocation_pc = 0;                                                                \
    return block;                                                                         \
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

}  // namespace hindsight
