#include "heap/heap_hooks.h"

#include "base/spin_lock.h"

// Both may be defined by the program; null if they are not.
extern "C" {
__attribute__((weak, visibility("default"))) void __sanitizer_malloc_hook(
    const volatile void* block, size_t bytes);
__attribute__((weak, visibility("default"))) void __sanitizer_free_hook(const volatile void* block);
}

namespace hindsight {

constinit bool heap_hooks = false;

namespace {

struct HookPair {
  AllocationHook allocated = nullptr;
  FreeHook freed = nullptr;
};
constexpr int kMaxPairs = 5;  // as ThreadSanitizer

constinit SpinLock pairs_lock;
constinit HookPair pairs[kMaxPairs];
constinit int pair_count = 0;  // pairs below it are complete

}  // namespace

void initHeapHooks() {
  if (__sanitizer_malloc_hook != nullptr || __sanitizer_free_hook != nullptr) heap_hooks = true;
}

int installHeapHooks(AllocationHook allocated, FreeHook freed) {
  SpinLockGuard guard(pairs_lock);
  if (pair_count == kMaxPairs || allocated == nullptr || freed == nullptr) return 0;
  pairs[pair_count] = {allocated, freed};
  __atomic_store_n(&pair_count, pair_count + 1, __ATOMIC_RELEASE);  // pairs with: the calls below
  __atomic_store_n(&heap_hooks, true, __ATOMIC_RELAXED);
  return pair_count;
}

void callAllocationHooks(const void* block, size_t bytes) {
  if (__sanitizer_malloc_hook != nullptr) __sanitizer_malloc_hook(block, bytes);
  const int count = __atomic_load_n(&pair_count, __ATOMIC_ACQUIRE);  // pairs with: installHeapHooks
  for (int i = 0; i < count; ++i) pairs[i].allocated(block, bytes);
}

void callFreeHooks(const void* block) {
  if (__sanitizer_free_hook != nullptr) __sanitizer_free_hook(block);
  const int count = __atomic_load_n(&pair_count, __ATOMIC_ACQUIRE);  // pairs with: installHeapHooks
  for (int i = 0; i < count; ++i) pairs[i].freed(block);
}

}  // namespace hindsight
