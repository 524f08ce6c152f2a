// kernel.h - what the ten benchmark kernels share: arguments, threads, checksums.
//
// Every kernel is a program `NAME [THREADS [SIZE]]` that works on THREADS threads (2 by default),
// checks its own result, and prints one line `NAME CHECKSUM`. The checksum depends on SIZE alone
// (not on timing, and not on THREADS unless the kernel says so), so that the bench driver can
// compare the output of differently compiled binaries. Kernels are free of data races.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

namespace kernel {

struct Arguments {
  int threads = 2;
  long size = 0;
};

/// Reads `[THREADS [SIZE]]`; exits with status 2 and a usage line if they are not positive numbers.
inline Arguments parseArguments(int argc, char** argv, long default_size) {
  const auto positive = [&](const char* text) {
    char* end = nullptr;
    const long value = std::strtol(text, &end, 10);
    if (argc > 3 || *end != '\0' || value <= 0 || value > 1'000'000'000) {
      std::fprintf(stderr, "usage: %s [THREADS [SIZE]]  (positive numbers)\n", argv[0]);
      std::exit(2);
    }
    return value;
  };
  Arguments arguments{.threads = 2, .size = default_size};
  if (argc > 1) arguments.threads = static_cast<int>(positive(argv[1]));
  if (argc > 2) arguments.size = positive(argv[2]);
  return arguments;
}

/// Runs `body(index)` on `threads` new threads and waits for all of them.
template <typename Body>
void runThreads(int threads, Body body) {
  std::vector<std::thread> running;
  running.reserve(static_cast<std::size_t>(threads));
  for (int index = 0; index < threads; ++index) running.emplace_back(body, index);
  for (std::thread& thread : running) thread.join();
}

/// The part of [0, total) that thread `index` of `threads` works on.
struct Slice {
  long begin;
  long end;
};
inline Slice sliceOf(long total, int index, int threads) {
  return {total * index / threads, total * (index + 1) / threads};
}

/// SplitMix64 [Steele, Lea and Flood 2014]: small, fast, good enough for test data.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// Uniform enough for small bounds.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  /// In [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

/// Order-sensitive hash of the values added.
class Checksum {
 public:
  void add(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x2545f4914f6cdd1du;
    state_ ^= state_ >> 29;
  }
  void add(double value) {
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    add(bits);
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0x853c49e6748fea9bu;
};

/// A kernel's own check of its result: says what is wrong and exits with status 1.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "wrong result: %s\n", what);
  std::exit(1);
}

inline int finish(const char* name, const Checksum& checksum) {
  std::printf("%s %016llx\n", name, static_cast<unsigned long long>(checksum.value()));
  return 0;
}

}  // namespace kernel
