#include "referee.h"

#include <sched.h>
#include <sys/mman.h>

#include <atomic>
#include <cstdint>

namespace referee {
namespace {

/// A point that a number of threads reach together, again and again.
class Barrier {
 public:
  /// Spins, and yields the processor after `spins_before_yield` rounds.
  void wait(unsigned parties, int spins_before_yield);

  std::size_t passed() const { return passed_.load(); }
  /// How often no thread had to yield: all were running when the last one came.
  std::size_t passedTogether() const { return passed_together_.load(); }

 private:
  std::atomic<unsigned> arrived_{0};
  std::atomic<std::size_t> passed_{0};
  std::atomic<bool> somebody_yielded_{false};
  std::atomic<std::size_t> passed_together_{0};
};

// Threads gather first, which takes long if one of them had a race to report and the other waits in
// the kernel; then those that are all awake start at the same moment.
Barrier gathering;
Barrier start;

const unsigned char* variables_begin = nullptr;
std::size_t variable_stride = 1;
std::size_t variable_count = 0;
std::atomic<unsigned char>* reported = nullptr;
std::atomic<std::size_t> reports{0};
std::atomic<std::size_t> stray{0};

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  asm volatile("yield");
#endif
}

/// Xorshift [Marsaglia 2003], one state per thread.
unsigned random(unsigned bound) {
  static thread_local std::uint32_t state =
      static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&state) >> 4) | 1;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % bound;
}

void raceReported(const void* address) {
  reports.fetch_add(1);
  const auto offset =
      static_cast<std::size_t>(static_cast<const unsigned char*>(address) - variables_begin);
  const std::size_t variable = offset / variable_stride;
  if (address < variables_begin || variable >= variable_count) {
    stray.fetch_add(1);
  } else {
    reported[variable].store(1);
  }
}

void Barrier::wait(unsigned parties, int spins_before_yield) {
  const std::size_t round = passed_.load();
  if (arrived_.fetch_add(1) + 1 == parties) {
    arrived_.store(0);
    if (!somebody_yielded_.exchange(false)) passed_together_.fetch_add(1);
    passed_.store(round + 1);
    return;
  }
  for (int spins = 0; passed_.load() == round; ++spins) {
    if (spins < spins_before_yield) {
      pause();
    } else {
      somebody_yielded_.store(true);
      sched_yield();
    }
  }
}

}  // namespace

void meet(unsigned parties) {
  gathering.wait(parties, 1'000);
  start.wait(parties, 100'000);
  for (unsigned delay = random(32); delay > 0; --delay) asm volatile("");
}

void watch(const void* begin, std::size_t stride, std::size_t count) {
  // Straight from the kernel: zero-filled, and no detector knows it.
  void* memory = mmap(nullptr, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) __builtin_trap();
  reported = static_cast<std::atomic<unsigned char>*>(memory);
  variables_begin = static_cast<const unsigned char*>(begin);
  variable_stride = stride;
  variable_count = count;
}

Score score() {
  Score result{0, reports.load(), stray.load(), 0};
  for (std::size_t i = 0; i < variable_count; ++i) result.found += reported[i].load();
  if (start.passed() > 0) {
    result.together_per_mille = start.passedTogether() * 1000 / start.passed();
  }
  return result;
}

}  // namespace referee

// The detectors' hooks. Called with the detector's locks held: only atomics, no calls out.
extern "C" {

void __hindsight_on_race(const void* address, unsigned /*size*/) { referee::raceReported(address); }

__attribute__((weak)) int __tsan_get_report_mop(void* report, unsigned long index, int* thread,
                                                void** address, int* size, int* is_write,
                                                int* is_atomic, void** trace,
                                                unsigned long trace_size);

void __tsan_on_report(void* report) {
  int thread = 0;
  int size = 0;
  int is_write = 0;
  int is_atomic = 0;
  void* address = nullptr;
  void* trace[1] = {};
  if (__tsan_get_report_mop == nullptr) return;
  __tsan_get_report_mop(report, 0, &thread, &address, &size, &is_write, &is_atomic, trace, 1);
  referee::raceReported(address);
}

}  // extern "C"
