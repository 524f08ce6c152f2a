#include "model/soak/actions.h"

#include <sched.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "hindsight/annotate.h"
#include "hindsight/chan.h"

namespace soak {
namespace {

using Wide = unsigned __int128;

/// Calls `function` with a value of the unsigned type of that size.
template <class Function>
void bySize(std::size_t bytes, Function function) {
  switch (bytes) {
    case 1:
      return function(std::uint8_t());
    case 2:
      return function(std::uint16_t());
    case 4:
      return function(std::uint32_t());
    case 8:
      return function(std::uint64_t());
    default:
      return function(Wide());
  }
}

template <class T>
void use(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

constexpr std::size_t kMost = 512;

}  // namespace

void readMemory(const void* at, std::size_t bytes, int variant) {
  if (variant == 0)
    return bySize(bytes, [at](auto zero) {
      typedef decltype(zero) T __attribute__((aligned(1), may_alias));
      const auto value = *static_cast<const volatile T*>(at);
      (void)value;
    });
  if (variant == 1) {
    const auto* from = static_cast<const unsigned char*>(at);
    unsigned sum = 0;
    for (std::size_t i = 0; i < bytes; ++i) sum += from[i];
    asm volatile("" : : "r"(sum));
    return;
  }
  unsigned char copy[kMost];
  std::memcpy(copy, at, bytes);
  use(copy);
}

void writeMemory(void* at, std::size_t bytes, int variant, int value) {
  if (variant == 0)
    return bySize(bytes, [=](auto zero) {
      typedef decltype(zero) T __attribute__((aligned(1), may_alias));
      *static_cast<volatile T*>(at) = static_cast<T>(value);
    });
  if (variant == 1) {
    auto* to = static_cast<unsigned char*>(at);
    for (std::size_t i = 0; i < bytes; ++i)
      to[i] = static_cast<unsigned char>(value + static_cast<int>(i));
    return;
  }
  std::memset(at, value, bytes);
}

void increment(void* at, std::size_t bytes) {
  bySize(bytes, [=](auto zero) {
    typedef decltype(zero) T __attribute__((aligned(1), may_alias));
    ++*static_cast<T*>(at);
  });
}

void copyMemory(void* to, const void* from, std::size_t bytes, int variant) {
  if (variant == 0) {
    std::memcpy(to, from, bytes);
  } else {
    std::memmove(to, from, bytes);
  }
}

namespace {

struct Fields {
  char letter;
  short small;
  int number;
  long large;
};
struct Sixteen {
  long values[2];
};

__attribute__((noinline)) void setSecond(long* values) { values[1] = 3; }

}  // namespace

void mixedAccesses(void* at, void* atomic, int variant) {
  auto* fields = static_cast<Fields*>(at);
  auto* values = static_cast<long*>(at);
  auto* x = static_cast<long*>(atomic);
  switch (variant) {
    case 0:
      ++fields->letter;
      fields->number = static_cast<int>(fields->small + fields->large);
      return;
    case 1: {
      auto* numbers = static_cast<int*>(at);
      for (int i = 0; i < 4; ++i) numbers[i] += numbers[i + 4];
      return;
    }
    case 2:
      static_cast<Sixteen*>(at)[0] = static_cast<Sixteen*>(at)[1];
      return;
    case 3: {
      auto* bytes = static_cast<unsigned char*>(at);
      for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 4; ++column) bytes[row * 8 + column] = 1;
      return;
    }
    case 4:
      values[0] = 1;
      __atomic_store_n(x, 4, __ATOMIC_RELEASE);
      values[0] = 2;
      return;
    case 5: {
      const long before = values[0];
      const long between = __atomic_load_n(x, __ATOMIC_ACQUIRE);
      values[1] = before + between + values[0];
      return;
    }
    case 6:
      fields->number = 1;
      __atomic_fetch_add(x, 6, __ATOMIC_ACQ_REL);
      fields->number = 2;
      use(static_cast<short>(fields->small));
      return;
    case 7: {
      const long before = values[0];
      __atomic_thread_fence(__ATOMIC_RELEASE);
      __atomic_store_n(x, 7, __ATOMIC_RELAXED);
      values[0] = before + 1;
      return;
    }
    case 8: {
      // A scanner: most bytes are gone over, behind some of them there is work to do (splitLoops).
      const auto* bytes = static_cast<const unsigned char*>(at);
      std::size_t i = 0, begin = 0, period = 5;
      asm volatile("" : "+r"(period));
      unsigned sum = 0;
      do {
        sum += bytes[i];
        if (i - begin != period) {
          ++i;
        } else {
          __atomic_fetch_add(x, 8, __ATOMIC_ACQ_REL);
          begin = i += 2;
        }
      } while (i < kMixedBytes);
      asm volatile("" : : "r"(sum));
      return;
    }
    default:
      values[0] = 1;
      setSecond(values);
      values[2] = values[3];
      return;
  }
}

void atomicLoad(const void* at, std::size_t bytes, int order) {
  bySize(bytes,
         [=](auto zero) { use(__atomic_load_n(static_cast<const decltype(zero)*>(at), order)); });
}

void atomicStore(void* at, std::size_t bytes, int order, int value) {
  bySize(bytes, [=](auto zero) {
    using T = decltype(zero);
    __atomic_store_n(static_cast<T*>(at), static_cast<T>(value), order);
  });
}

void atomicUpdate(void* at, std::size_t bytes, int order, int variant) {
  bySize(bytes, [=](auto zero) {
    using T = decltype(zero);
    auto* object = static_cast<T*>(at);
    switch (variant) {
      case 0:
        return use(__atomic_exchange_n(object, static_cast<T>(7), order));
      case 1:
        return use(__atomic_fetch_add(object, static_cast<T>(3), order));
      case 2:
        return use(__atomic_or_fetch(object, static_cast<T>(0x55), order));
      default:
        return use(__atomic_fetch_nand(object, static_cast<T>(0x0f), order));
    }
  });
}

void compareExchange(void* at, std::size_t bytes, int order, int failure_order, bool succeeds) {
  bySize(bytes, [=](auto zero) {
    using T = decltype(zero);
    T expected;
    hindsight_ignore_begin();
    std::memcpy(&expected, at, sizeof expected);
    hindsight_ignore_end();
    if (!succeeds) ++expected;
    if (__atomic_compare_exchange_n(static_cast<T*>(at), &expected, static_cast<T>(expected + 1),
                                    false, order, failure_order) != succeeds)
      std::abort();
  });
}

void fence(int order) { __atomic_thread_fence(order); }

void* allocate(std::size_t bytes, int variant) {
  void* block = nullptr;
  switch (variant) {
    case 0:
      return std::malloc(bytes);
    case 1:
      return std::calloc(bytes, 1);
    case 2:
      return new unsigned char[bytes];
    default:
      return posix_memalign(&block, 64, bytes) == 0 ? block : nullptr;
  }
}

void release(void* block, int variant) {
  if (variant == 2)
    delete[] static_cast<unsigned char*>(block);
  else
    std::free(block);
}

void* resize(void* block, std::size_t bytes) { return std::realloc(block, bytes); }

namespace {
constexpr int kMostChannels = 8;
hindsight::chan<int> channels[kMostChannels];

/// Handles are only read while threads run; those of detached threads of earlier scripts are past.
void setChannel(int which, hindsight::chan<int> channel) {
  hindsight_new_memory(&channels[which], sizeof channels[which]);
  channels[which] = std::move(channel);
}
}  // namespace

void makeChannel(int which, int capacity) {
  setChannel(which, hindsight::chan<int>(static_cast<std::size_t>(capacity)));
}

void dropChannel(int which) { setChannel(which, hindsight::chan<int>()); }

void forgetChannel(int which) {
  hindsight_new_memory(&channels[which], sizeof channels[which]);
  new (&channels[which]) hindsight::chan<int>();
}

void sendTo(int which) { channels[which].send(which); }

void receiveFrom(int which) { use(channels[which].receive()); }

void selectFrom(int which) {
  hindsight::select(
      hindsight::on_receive(channels[which], [](std::optional<int> value) { use(value); }));
}

bool trySendTo(int which) { return channels[which].try_send(which); }

bool tryReceiveFrom(int which) {
  int value = 0;
  return channels[which].try_receive(value) != hindsight::chan_status::not_ready;
}

void closeChannel(int which) { channels[which].close(); }

void rawAcquire(const void* object) { hindsight_acquire(object); }
void rawRelease(const void* object) { hindsight_release(object); }
void rawReleaseStore(const void* object) { hindsight_release_store(object); }
void newMemory(void* at, std::size_t bytes) { hindsight_new_memory(at, bytes); }

namespace {
hindsight::chan<void*> blocks_under_way(4);
}

bool offerByChannel(void* block) { return blocks_under_way.try_send(block); }

void* takeFromChannel() {
  void* block = nullptr;
  return blocks_under_way.try_receive(block) == hindsight::chan_status::done ? block : nullptr;
}

void* exchangeBlock(void** slot, void* block, int variant) {
  if (variant == 0) return __atomic_exchange_n(slot, block, __ATOMIC_ACQ_REL);
  if (variant == 1) return __atomic_exchange_n(slot, block, __ATOMIC_SEQ_CST);
  __atomic_thread_fence(__ATOMIC_RELEASE);
  void* const taken = __atomic_exchange_n(slot, block, __ATOMIC_RELAXED);
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
  return taken;
}

void lockAtomically(int* word, int variant) {
  int expected = 0;
  while (!__atomic_compare_exchange_n(word, &expected, 1, true,
                                      variant == 0 ? __ATOMIC_ACQUIRE : __ATOMIC_RELAXED,
                                      __ATOMIC_RELAXED)) {
    expected = 0;
    sched_yield();
  }
  if (variant != 0) __atomic_thread_fence(__ATOMIC_ACQUIRE);
}

void unlockAtomically(int* word, int variant) {
  if (variant != 0) __atomic_thread_fence(__ATOMIC_RELEASE);
  __atomic_store_n(word, 0, variant == 0 ? __ATOMIC_RELEASE : __ATOMIC_RELAXED);
}

}  // namespace soak
