// paths.cpp - each fast path once, between two marks that count.cpp counts instructions between.
//
// A mark is a breakpoint instruction with the name of the path in a register, or null at the end.
// A second thread lives all the time, or the runtime would record nothing. Every path is taken in a
// function of its own, several times: what is counted is the cheapest time.
#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

namespace {

#define BEGIN(name) asm volatile("int3" : : "D"(name) : "memory")
#define END() asm volatile("int3" : : "D"(nullptr) : "memory")
#define OUT_OF_LINE __attribute__((noinline))

/// A 16-byte access that compilers do not split.
using Wide = long long __attribute__((vector_size(16)));

template <typename T>
OUT_OF_LINE void readOnce(const T* from, const char* name) {
  BEGIN(name);
  if constexpr (sizeof(T) == 16) {
    asm volatile("" : : "x"(*from));
  } else {
    asm volatile("" : : "r"(*from));
  }
  END();
}

template <typename T>
OUT_OF_LINE void writeOnce(T* to, T value, const char* name) {
  BEGIN(name);
  *to = value;
  END();
}

/// The second access of a function in an epoch: its place in the calling context is recorded
/// already.
OUT_OF_LINE void readNext(const int* first, const int* second, const char* name) {
  asm volatile("" : : "r"(*first));
  BEGIN(name);
  asm volatile("" : : "r"(*second));
  END();
}

OUT_OF_LINE void writeNext(int* first, int* second, const char* name) {
  *first = 1;
  BEGIN(name);
  *second = 2;
  END();
}

std::mutex ticking;

/// The pointer, in a way that tells the compiler nothing of what it points to.
template <typename T>
T* hidden(T* pointer) {
  asm volatile("" : "+r"(pointer) : : "memory");
  return pointer;
}

/// A release: the thread's next epoch begins, and what it has checked counts no more.
OUT_OF_LINE void tick() {
  ticking.lock();
  ticking.unlock();
}

/// The first access of an epoch to a word that was accessed in an earlier one, then a repetition.
template <typename T>
void accessTwice(const char* read_fresh, const char* read_hit, const char* write_fresh,
                 const char* write_hit) {
  alignas(64) static T memory[64 / sizeof(T)];
  T* const words = hidden(memory);
  tick();
  readOnce(words, read_fresh);
  readOnce(words, read_hit);
  tick();
  writeOnce(words, T{}, write_fresh);
  writeOnce(words, T{}, write_hit);
}

OUT_OF_LINE void nothing(const char* name) {
  BEGIN(name);
  END();
}

OUT_OF_LINE void loopOverInts(int* ints, const char* name) {
  BEGIN(name);
  for (int i = 0; i < 64; ++i) ints[i] = i;
  END();
}

std::atomic<int> number{0};

OUT_OF_LINE void loadRelaxed(const char* name) {
  BEGIN(name);
  asm volatile("" : : "r"(number.load(std::memory_order_relaxed)));
  END();
}

OUT_OF_LINE void loadAcquire(const char* name) {
  BEGIN(name);
  asm volatile("" : : "r"(number.load(std::memory_order_acquire)));
  END();
}

OUT_OF_LINE void storeRelease(const char* name) {
  BEGIN(name);
  number.store(1, std::memory_order_release);
  END();
}

OUT_OF_LINE void addRelaxed(const char* name) {
  BEGIN(name);
  number.fetch_add(1, std::memory_order_relaxed);
  END();
}

OUT_OF_LINE void addAcquireRelease(const char* name) {
  BEGIN(name);
  number.fetch_add(1, std::memory_order_acq_rel);
  END();
}

OUT_OF_LINE void lockAndUnlock(pthread_mutex_t* mutex, const char* name_of_lock,
                               const char* name_of_unlock) {
  BEGIN(name_of_lock);
  pthread_mutex_lock(mutex);
  END();
  BEGIN(name_of_unlock);
  pthread_mutex_unlock(mutex);
  END();
}

/// A byte of a word: `other` is one of the same word that the epoch has written, or not.
OUT_OF_LINE void writeMore(std::uint8_t* other, std::uint8_t* to, const char* name) {
  *other = 1;
  BEGIN(name);
  *to = 2;
  END();
}

OUT_OF_LINE void copyBytes(char* to, const char* from, std::size_t bytes, const char* name) {
  BEGIN(name);
  std::memcpy(to, from, bytes);
  END();
}

/// Copies between places that are not aligned, the first of their epoch and then a repetition.
void copyTwice(std::size_t bytes, const char* fresh, const char* hit) {
  alignas(64) static char memory[2][64];
  tick();
  copyBytes(hidden(&memory[0][0]) + 1, hidden(&memory[1][0]) + 2, *hidden(&bytes), fresh);
  copyBytes(hidden(&memory[0][0]) + 1, hidden(&memory[1][0]) + 2, *hidden(&bytes), hit);
}

OUT_OF_LINE void allocateAndFree(const char* name) {
  BEGIN(name);
  void* block = malloc(64);
  asm volatile("" : "+r"(block));
  free(block);
  END();
}

__attribute__((noinline, no_sanitize("thread"))) void callee() { asm volatile(""); }

/// Two calls, so that neither is a jump: the function has a frame.
OUT_OF_LINE void caller() {
  callee();
  callee();
}

OUT_OF_LINE void callOnce(const char* name) {
  BEGIN(name);
  caller();
  END();
}

void takeEachPath() {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  alignas(64) static int memory[64];
  alignas(64) static std::uint8_t bytes[64];
  int* const ints = hidden(memory);
  nothing("nothing");
  accessTwice<std::uint8_t>("read1_fresh", "read1_hit", "write1_fresh", "write1_hit");
  accessTwice<std::uint16_t>("read2_fresh", "read2_hit", "write2_fresh", "write2_hit");
  accessTwice<std::uint32_t>("read4_fresh", "read4_hit", "write4_fresh", "write4_hit");
  accessTwice<std::uint64_t>("read8_fresh", "read8_hit", "write8_fresh", "write8_hit");
  accessTwice<Wide>("read16_fresh", "read16_hit", "write16_fresh", "write16_hit");
  tick();
  readNext(ints, ints + 32, "read4_next");
  tick();
  writeNext(ints, ints + 32, "write4_next");
  tick();
  loopOverInts(ints, "loop256_fresh");
  loopOverInts(ints, "loop256_hit");
  loadRelaxed("load_relaxed");
  loadAcquire("load_acquire");
  storeRelease("store_release");
  addRelaxed("add_relaxed");
  addAcquireRelease("add_acq_rel");
  lockAndUnlock(&mutex, "mutex_lock", "mutex_unlock");
  allocateAndFree("malloc_free_64");
  callOnce("call_and_return");
  tick();
  writeMore(hidden(bytes), hidden(bytes) + 1, "write1_more");
  tick();
  writeMore(hidden(bytes) + 32, hidden(bytes) + 5, "write1_beside");
  tick();
  writeMore(hidden(bytes) + 32, hidden(bytes) + 6, "write1_beside");
  copyTwice(5, "copy5_fresh", "copy5_hit");
  copyTwice(40, "copy40_fresh", "copy40_hit");
}

}  // namespace

int main() {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_there = false;
  bool is_done = false;
  std::thread other([&] {
    std::unique_lock lock(mutex);
    is_there = true;
    changed.notify_all();
    changed.wait(lock, [&] { return is_done; });
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return is_there; });
  }
  for (int round = 0; round < 5; ++round) takeEachPath();
  {
    const std::lock_guard lock(mutex);
    is_done = true;
  }
  changed.notify_all();
  other.join();
  return 0;
}
