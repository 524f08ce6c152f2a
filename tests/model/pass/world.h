// world.h - what a generated program (generator.h) sees: types, accesses, locks, and the way to
// give up its turn.
//
// Compiled with ORACLE defined, every access and every synchronisation also tells the oracle;
// otherwise these macros are nothing but the plain expression. world.cpp, which is not
// instrumented, runs one thread at a time and moves on to another one where the program calls
// yield(), so that a program does the same in every build.
#pragma once

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef unsigned __int128 u128;
typedef u32 vec __attribute__((vector_size(16)));
// The same at any address.
typedef u16 u16_any __attribute__((aligned(1)));
typedef u32 u32_any __attribute__((aligned(1)));
typedef u64 u64_any __attribute__((aligned(1)));
typedef u128 u128_any __attribute__((aligned(1)));
typedef vec vec_any __attribute__((aligned(1)));

/// No padding: a copy touches every byte.
struct __attribute__((packed)) Record {
  u8 a;
  u16 b;
  u32 c;
  u64 d;
  u8 e[9];
  u32 f[4];
};
struct Small {
  u32 a, b;
  u64 c;
};
union Mixed {
  u64 l[2];
  u32 w[4];
  u8 b[16];
};

/// Bytes from its pointers on that a function may touch.
constexpr u64 kReach = 192;
constexpr int kLocks = 2;
constexpr int kAtomics = 3;

/// `p` and `q` are of two objects, and `n` is at most kMostCount.
typedef u64 Step(u8* p, u8* q, u64 n, u64 v);
constexpr u64 kMostCount = 12;

struct Function {
  Step* call;
  bool aligned;  // p and q have to be, to 16 bytes
};
struct Object {
  const void* begin;
  u64 bytes;
};

extern "C" {
// By the program.
extern const Function program_functions[];
extern const unsigned program_function_count;
/// Takes over from all threads that have called it before, and lets those take over that call it
/// later.
void program_hand_over();
extern const Object program_objects[];  // globals that all threads use
extern const unsigned program_object_count;

// By the world.
extern pthread_mutex_t world_mutexes[kLocks];
extern u64 world_atomics[kAtomics];
/// Another thread may take its turn.
void world_yield();
/// The same in a function of which the pass believes, rightly, that it does not synchronise.
/// Returns 1.
double cbrt(double) noexcept;
/// Others may use [at, at + bytes) from here on. Returns its number.
u64 world_open(void* at, u64 bytes);
/// Returns once nobody uses it any more.
void world_close(u64 number);
/// The same for a block of the heap, which whoever takes it gives back.
void world_publish(void* block, u64 bytes);
/// Null if there is none that nobody is using.
void* world_take(u64* bytes);
void world_freed(void* block);
/// Whether the calling thread may lock mutex `index` without having to wait for it, now or in a
/// circle.
int world_may_lock(int index);
void world_unlocked(int index);

#ifdef ORACLE
/// `what`: kRead, kWrite, kReadPerhaps.
void oracle_access(const void* at, u64 bytes, int what);
void oracle_locked(int index);
void oracle_unlocks(int index);
void oracle_load(int index, int order);
void oracle_store(int index, int order);
void oracle_update(int index, int order);
void oracle_fence(int order);
#endif
}

#ifdef ORACLE
static inline void* seen(const void* at, u64 bytes, int writes) {
  oracle_access(at, bytes, writes);
  return const_cast<void*>(at);
}
#define SEEN(at, bytes, writes) seen(at, bytes, writes)
#define TELL(call) oracle_##call
#else
#define SEEN(at, bytes, writes) (at)
#define TELL(call) ((void)0)
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline, unused))

/// A number that every bit of `value` takes part in.
template <class T>
ALWAYS_INLINE u64 num(T value) {
  if constexpr (sizeof(T) == 16) {
    union {
      T value;
      u64 part[2];
    } both = {value};
    return both.part[0] + both.part[1] * 5;
  } else {
    return value;
  }
}
template <class T>
ALWAYS_INLINE T make(u64 value) {
  if constexpr (sizeof(T) == 16) {
    union {
      u64 part[2];
      T value;
    } both = {{value, value * 3}};
    return both.value;
  } else {
    return static_cast<T>(value);
  }
}

#define LD(T, at) (*static_cast<const T*>(static_cast<const void*>(SEEN(at, sizeof(T), 0))))
#define LD_VOLATILE(T, at) \
  (*static_cast<const volatile T*>(static_cast<const volatile void*>(SEEN(at, sizeof(T), 0))))
#define ST(T, at, value) (*static_cast<T*>(static_cast<void*>(SEEN(at, sizeof(T), 1))) = (value))
/// Copies: if what they write is overwritten the optimiser may leave them out and with them the
/// read, which a write of its own thread does not cover. Not so if KEEP() follows.
enum { kRead, kWrite, kReadPerhaps };
#define COPY(T, to, from, reads)                                       \
  (*static_cast<T*>(static_cast<void*>(SEEN(to, sizeof(T), kWrite))) = \
       *static_cast<const T*>(static_cast<const void*>(SEEN(from, sizeof(T), reads))))
#define MEMCPY(to, from, bytes, reads) \
  memcpy(SEEN(to, bytes, kWrite), SEEN(from, bytes, reads), bytes)
#define MEMMOVE(to, from, bytes, reads) \
  memmove(SEEN(to, bytes, kWrite), SEEN(from, bytes, reads), bytes)
#define KEEP() __asm__ volatile("" : : : "memory")
#define MEMSET(to, value, bytes) memset(SEEN(to, bytes, 1), static_cast<int>(value), bytes)

/// The optimiser must believe that `value` is needed here. It counts as synchronisation for the
/// pass.
#define USE(value) __asm__ volatile("" : : "r"(value))

struct Locked {
  explicit Locked(int lock) : index(lock), got(world_may_lock(lock)) {
    if (got == 0) return;
    pthread_mutex_lock(&world_mutexes[index]);
    TELL(locked(index));
  }
  ~Locked() {
    if (got == 0) return;
    TELL(unlocks(index));
    pthread_mutex_unlock(&world_mutexes[index]);
    world_unlocked(index);
  }
  const int index, got;
};

/// A local that other threads get to know.
struct Opened {
  Opened(void* at, u64 bytes) : number(world_open(at, bytes)) {}
  ~Opened() { world_close(number); }
  const u64 number;
};

#define ATOMIC_LOAD(index, order) \
  (TELL(load(index, order)), __atomic_load_n(&world_atomics[index], order))
#define ATOMIC_STORE(index, value, order) \
  (TELL(store(index, order)), __atomic_store_n(&world_atomics[index], value, order))
#define ATOMIC_ADD(index, value, order) \
  (TELL(update(index, order)), __atomic_fetch_add(&world_atomics[index], value, order))
/// The optimiser may take a load for one of before a release fence: for that the clobber.
#define FENCE(order) \
  (TELL(fence(order)), __atomic_thread_fence(order), ({ __asm__ volatile("" : : : "memory"); }))

ALWAYS_INLINE void freeBlock() {
  u64 bytes = 0;
  void* block = world_take(&bytes);
  if (block == nullptr) return;
  (void)SEEN(block, bytes, 1);
  free(block);
  world_freed(block);
}

/// All of it: a copy that is passed by value.
__attribute__((unused)) static u64 sumOf(Record record) {
  u64 s = record.a + record.b * 3u + record.c * 5ull + record.d * 7;
  for (u64 i = 0; i < sizeof record.e; ++i) s = s * 3 + record.e[i];
  for (u64 i = 0; i < 4; ++i) s = s * 5 + record.f[i];
  return s;
}
