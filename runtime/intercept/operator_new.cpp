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

// new, new[], delete and delete[] with their nothrow, aligned and sized forms [new.delete].
// clang-format off
#define HINDSIGHT_OPERATORS(X)                                                                   \
  X(_Znwm) X(_Znam) X(_ZnwmRKSt9nothrow_t) X(_ZnamRKSt9nothrow_t)                                \
  X(_ZnwmSt11align_val_t) X(_ZnamSt11align_val_t)                                                \
  X(_ZnwmSt11align_val_tRKSt9nothrow_t) X(_ZnamSt11align_val_tRKSt9nothrow_t)                    \
  X(_ZdlPv) X(_ZdaPv) X(_ZdlPvm) X(_ZdaPvm) X(_ZdlPvRKSt9nothrow_t) X(_ZdaPvRKSt9nothrow_t)      \
  X(_ZdlPvSt11align_val_t) X(_ZdaPvSt11align_val_t) X(_ZdlPvmSt11align_val_t)                    \
  X(_ZdaPvmSt11align_val_t) X(_ZdlPvSt11align_val_tRKSt9nothrow_t)                               \
  X(_ZdaPvSt11align_val_tRKSt9nothrow_t)
// clang-format on

constinit char no_operator;  // its address stands for "there is none"

/// The C++ library's operator of one form, found by its mangled name.
class RealOperator {
 public:
  constexpr explicit RealOperator(const char* name) : name_(name) {}

  /// Null if the program has none that ends in malloc or free.
  void* find() {
    void* function = __atomic_load_n(&function_, __ATOMIC_RELAXED);
    if (HINDSIGHT_UNLIKELY(function == nullptr)) function = resolve();
    return function == &no_operator ? nullptr : function;
  }

  void* resolve() {
    void* function = findRealFunction(name_, nullptr);
    if (function == nullptr || isOfOtherAllocator(function)) function = &no_operator;
    __atomic_store_n(&function_, function, __ATOMIC_RELAXED);  // same value from anyone
    return function;
  }

 private:
  const char* name_;
  void* function_ = nullptr;
};

struct RealOperators {
#define HINDSIGHT_MEMBER(symbol) RealOperator symbol{#symbol};
  HINDSIGHT_OPERATORS(HINDSIGHT_MEMBER)
};
constinit RealOperators operators;

/// A part of the C++ library: the program's or, if it has none, that of the caller at `pc`.
template <class Function>
Function* orOfCaller(Function* function, uptr pc, const char* name) {
  if (function != nullptr) return function;
  return reinterpret_cast<Function*>(findFunctionSeenFrom(pc, name));
}

/// The operators as the standard describes them [new.delete.single].
void* allocate(uptr pc, size_t bytes, size_t alignment, bool may_throw) {
  for (;;) {
    void* block = alignment <= 2 * sizeof(void*) ? malloc(bytes) : aligned_alloc(alignment, bytes);
    if (block != nullptr) return block;
    auto* const get_handler = orOfCaller(_ZSt15get_new_handlerv, pc, "_ZSt15get_new_handlerv");
    auto* const handler = get_handler != nullptr ? get_handler() : nullptr;
    if (handler == nullptr) break;
    handler();
  }
  if (!may_throw) return nullptr;
  if (auto* fail = orOfCaller(_ZSt17__throw_bad_allocv, pc, "_ZSt17__throw_bad_allocv")) fail();
  abort();
}
void* allocateHere(uptr pc, size_t bytes) { return allocate(pc, bytes, 0, true); }
void* allocateHere(uptr pc, size_t bytes, const NoThrow*) { return allocate(pc, bytes, 0, false); }
void* allocateHere(uptr pc, size_t bytes, Alignment alignment) {
  return allocate(pc, bytes, static_cast<size_t>(alignment), true);
}
void* allocateHere(uptr pc, size_t bytes, Alignment alignment, const NoThrow*) {
  return allocate(pc, bytes, static_cast<size_t>(alignment), false);
}

}  // namespace

void resolveOperators() {
#define HINDSIGHT_RESOLVE(symbol) operators.symbol.resolve();
  HINDSIGHT_OPERATORS(HINDSIGHT_RESOLVE)
}

#define HINDSIGHT_WEAK extern "C" __attribute__((visibility("default"), weak))
#define HINDSIGHT_NEW(symbol, parameters, ...)                                         \
  HINDSIGHT_WEAK void* symbol parameters {                                             \
    TlsBlock& tls = __hindsight_tls;                                                   \
    const auto pc = reinterpret_cast<uptr>(__builtin_return_address(0));               \
    if (tls.in_runtime == 0) tls.allocation_pc = pc;                                   \
    auto* call = reinterpret_cast<void*(*)parameters>(operators.symbol.find());        \
    void* block = call != nullptr ? call(__VA_ARGS__) : allocateHere(pc, __VA_ARGS__); \
    tls.allocation_pc = 0;                                                             \
    return block;                                                                      \
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

#define HINDSIGHT_DELETE(symbol, parameters, ...)                               \
  HINDSIGHT_WEAK void symbol parameters {                                       \
    auto* call = reinterpret_cast<void(*) parameters>(operators.symbol.find()); \
    if (call != nullptr) return call(__VA_ARGS__);                              \
    free(block);                                                                \
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
