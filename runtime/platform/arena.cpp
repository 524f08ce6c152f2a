#include "base/arena.h"

#include <sys/mman.h>

#include "base/spin_lock.h"
#include "platform/syscalls.h"

namespace hindsight {
namespace {

constexpr size_t kSmallest = 16;
constexpr size_t kCacheLine = 64;
constexpr u32 kClasses = 64;
constexpr u32 kSpareRanges = 4096;

struct FreeBlock {
  FreeBlock* next;
};
struct SizeClass {
  SpinLock lock;
  FreeBlock* free = nullptr;
};
struct SpareRange {
  uptr begin = 0;
  size_t bytes = 0;
};

constinit SizeClass classes[kClasses];
constinit uptr arena_next = 0;
constinit uptr ranges_bytes = 0;  // used up behind the arena
constinit SpinLock range_lock;
constinit SpareRange spare_ranges[kSpareRanges];
constinit u32 spare_count = 0;

struct ClassAndSize {
  u32 index;
  size_t bytes;
};

/// 16, 24->32, 32, 48, 64, 96, 128, ... : class 2k is 16 << k, class 2k + 1 is 24 << k.
ClassAndSize classOf(size_t bytes) {
  if (bytes <= kSmallest) return {0, kSmallest};
  const u32 power = 63u - static_cast<u32>(__builtin_clzll((bytes - 1) | 1));  // 2^power < bytes
  const size_t half = (1ull << power) + (1ull << (power - 1));
  const u32 octave = (power - 4) * 2;
  if (bytes <= half && half % kSmallest == 0) return {octave + 1, half};
  return {octave + 2, 2ull << power};
}

[[noreturn]] void outOfMemory(const char* what) {
  checkFailed(what, "out of memory or address space: raise `ulimit -v` or vm.overcommit_memory", 0);
}

uptr mapFixed(uptr at, size_t bytes) {
  const sptr result =
      sysMmap(reinterpret_cast<void*>(at), bytes, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (syscallFailed(result)) outOfMemory("map the runtime's memory");
  // Hundreds of GiB, which debuggers and crash reporters would write out as zeros.
  sysMadvise(reinterpret_cast<void*>(at), bytes, MADV_DONTDUMP);
  return static_cast<uptr>(result);
}

uptr carve(size_t bytes) {
  if (__atomic_load_n(&arena_next, __ATOMIC_ACQUIRE) == 0) {
    SpinLockGuard guard(range_lock);
    if (arena_next == 0) {
      mapFixed(address_layout.runtime_begin, address_layout.arena_bytes);
      __atomic_store_n(&arena_next, address_layout.runtime_begin,
                       __ATOMIC_RELEASE);  // pairs with: carve
    }
  }
  const uptr block = __atomic_fetch_add(&arena_next, bytes, __ATOMIC_RELAXED);
  if (block + bytes > address_layout.runtime_begin + address_layout.arena_bytes)
    outOfMemory("extend the runtime's arena");
  return block;
}

}  // namespace

void* arenaAllocate(size_t bytes) {
  const ClassAndSize size = classOf(bytes);
  SizeClass& size_class = classes[size.index];
  {
    SpinLockGuard guard(size_class.lock);
    if (FreeBlock* block = size_class.free) {
      size_class.free = block->next;
      return block;
    }
  }
  // Small classes are carved a handful at a time, to keep neighbours together.
  const size_t batch = size.bytes <= 256 ? 8 : 1;
  const size_t alignment = size.bytes % kCacheLine == 0 ? kCacheLine : kSmallest;
  const uptr first = roundUp(carve(size.bytes * batch + alignment - kSmallest), alignment);
  if (batch > 1) {
    SpinLockGuard guard(size_class.lock);
    for (size_t i = batch - 1; i >= 1; --i) {
      auto* block = reinterpret_cast<FreeBlock*>(first + i * size.bytes);
      block->next = size_class.free;
      size_class.free = block;
    }
  }
  return reinterpret_cast<void*>(first);
}

void arenaFree(void* pointer, size_t bytes) {
  SizeClass& size_class = classes[classOf(bytes).index];
  auto* block = static_cast<FreeBlock*>(pointer);
  SpinLockGuard guard(size_class.lock);
  block->next = size_class.free;
  size_class.free = block;
}

void* reservePages(size_t bytes) {
  bytes = roundUp(bytes, kPageSize);
  SpinLockGuard guard(range_lock);
  for (u32 i = 0; i < spare_count; ++i) {
    if (spare_ranges[i].bytes != bytes) continue;
    const uptr begin = spare_ranges[i].begin;
    spare_ranges[i] = spare_ranges[--spare_count];
    return reinterpret_cast<void*>(begin);
  }
  const uptr begin = address_layout.runtime_begin + address_layout.arena_bytes + ranges_bytes;
  ranges_bytes += bytes + kPageSize;  // an unmapped page between ranges catches overruns
  if (begin + bytes > address_layout.runtime_end) outOfMemory("reserve address space");
  return reinterpret_cast<void*>(mapFixed(begin, bytes));
}

void* mapPages(size_t bytes) { return reservePages(bytes); }

void unmapPages(void* pages, size_t bytes) {
  bytes = roundUp(bytes, kPageSize);
  SpinLockGuard guard(range_lock);
  if (spare_count < kSpareRanges) {
    sysMadvise(pages, bytes, MADV_DONTNEED);
    spare_ranges[spare_count++] = {reinterpret_cast<uptr>(pages), bytes};
  } else {
    sysMunmap(pages, bytes);
  }
}

namespace {
// Keeps blocks aligned to 16.
struct SizeHeader {
  size_t bytes;
  size_t padding;
};
}  // namespace

void* internalMalloc(size_t bytes) {
  auto* header = static_cast<SizeHeader*>(arenaAllocate(bytes + sizeof(SizeHeader)));
  header->bytes = bytes;
  return header + 1;
}

void* internalCalloc(size_t count, size_t bytes) {
  if (bytes != 0 && count > SIZE_MAX / bytes) return nullptr;
  void* block = internalMalloc(count * bytes);
  __builtin_memset(block, 0, count * bytes);
  return block;
}

size_t internalSize(const void* block) {
  return (static_cast<const SizeHeader*>(block) - 1)->bytes;
}

void internalFree(void* block) {
  if (block == nullptr) return;
  SizeHeader* header = static_cast<SizeHeader*>(block) - 1;
  arenaFree(header, header->bytes + sizeof(SizeHeader));
}

void* internalRealloc(void* block, size_t bytes) {
  if (block == nullptr) return internalMalloc(bytes);
  const size_t old_bytes = internalSize(block);
  void* moved = internalMalloc(bytes);
  __builtin_memcpy(moved, block, min(old_bytes, bytes));
  internalFree(block);
  return moved;
}

void spinWait(u32 round) {
  if (round < 64) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    asm volatile("yield");
#endif
    return;
  }
  if (round < 1024) {
    sysSchedYield();
    return;
  }
  // A holder with a lower real-time priority only runs if we sleep.
  const long request[2] = {0, 50'000};
  sysNanosleep(request, nullptr);
}

void checkFailed(const char* condition, const char* file, int line) {
  char digits[12];
  char* end = digits + sizeof(digits);
  char* p = end;
  for (int rest = line; p == end || rest != 0; rest /= 10)
    *--p = static_cast<char>('0' + rest % 10);
  const auto say = [](const char* text) {
    size_t n = 0;
    while (text[n] != 0) ++n;
    sysWrite(2, text, n);
  };
  say("hindsight: internal check failed: ");
  say(condition);
  say("\n  at ");
  say(file);
  say(":");
  sysWrite(2, p, static_cast<size_t>(end - p));
  say("\n");
  sysTgkill(static_cast<int>(sysGetpid()), static_cast<int>(sysGettid()), 6 /* SIGABRT */);
  sysExitGroup(134);
  __builtin_unreachable();
}

}  // namespace hindsight
