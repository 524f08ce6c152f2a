#include "measures.h"

#include <algorithm>

namespace bench {
namespace {

bool isLarge(const Benchmark& benchmark) { return benchmark.name.ends_with("-large"); }

std::string groupOf(const Benchmark& benchmark) {
  return benchmark.set + (isLarge(benchmark) ? "-large" : "");
}

template <typename Ratio>
std::optional<double> extreme(const std::vector<Benchmark>& benchmarks, const std::string& tag,
                              bool largest, Ratio ratio) {
  std::optional<double> result;
  for (const Benchmark& benchmark : benchmarks) {
    if (std::ranges::count(benchmark.tags, tag) == 0) continue;
    const std::optional<double> value = ratio(benchmark);
    if (value && (!result || (largest ? *value > *result : *value < *result))) result = value;
  }
  return result;
}

/// MiB that an empty C++ program takes more than without Hindsight.
std::optional<double> emptyProgramMib(const Results& results) {
  for (const Benchmark& benchmark : results.benchmarks) {
    if (benchmark.set != "empty" || std::ranges::count(benchmark.tags, "measure") == 0) continue;
    const ModeResult* hindsight = benchmark.find(Mode::kHindsight);
    const ModeResult* native = benchmark.find(Mode::kNative);
    if (hindsight != nullptr && native != nullptr) return hindsight->peakMib() - native->peakMib();
  }
  return std::nullopt;
}

/// How much of the throughput with 2 threads is left with 16, relative to TSan; geometric mean.
std::optional<double> throughputKept(const Results& results) {
  std::vector<double> ratios;
  for (const Series& series : results.series) {
    const Benchmark* two = series.find(2);
    const Benchmark* sixteen = series.find(16);
    if (series.set != "scaling" || two == nullptr || sixteen == nullptr) continue;
    const auto hindsight = series.throughput(Mode::kHindsight, Time::kWall, *two, *sixteen);
    const auto tsan = series.throughput(Mode::kTsan, Time::kWall, *two, *sixteen);
    if (hindsight && tsan) ratios.push_back(*hindsight / *tsan);
  }
  return geometricMean(ratios);
}

}  // namespace

std::vector<Benchmark> Results::group(const std::string& name) const {
  std::vector<Benchmark> result;
  std::ranges::copy_if(benchmarks, std::back_inserter(result),
                       [&](const Benchmark& b) { return groupOf(b) == name; });
  return result;
}

std::vector<std::string> Results::groups() const {
  std::vector<std::string> names;
  for (const bool large : {false, true}) {
    for (const Benchmark& benchmark : benchmarks) {
      const std::string name = groupOf(benchmark);
      if (isLarge(benchmark) == large && std::ranges::count(names, name) == 0) {
        names.push_back(name);
      }
    }
  }
  return names;
}

std::vector<Measure> measuresOf(const Results& results) {
  const std::vector<Benchmark> kernels = results.group("kernels");
  const Summary summary = summarize(kernels, Time::kUser);
  const auto array_slowdown = extreme(kernels, "array", true, [](const Benchmark& b) {
    return b.timeRatio(Mode::kHindsight, Mode::kNative, Time::kUser);
  });
  const auto lock_speed = extreme(kernels, "locks", false, [](const Benchmark& b) {
    return b.timeRatio(Mode::kTsan, Mode::kHindsight, Time::kUser);
  });
  return {
      {"speed_vs_tsan_geomean", "speed against TSan, geometric mean", summary.speed_vs_tsan_geomean,
       3.0, true},
      {"speed_vs_tsan_worst", "speed against TSan, worst kernel", summary.speed_vs_tsan_worst, 1.0,
       true},
      {"array_slowdown_worst", "array kernels, slowdown against native", array_slowdown, 2.0,
       false},
      {"slowdown_vs_native_geomean", "slowdown against native, geometric mean",
       summary.slowdown_vs_native_geomean, 2.5, false},
      {"locks_speed_vs_tsan_worst", "lock-heavy kernels against TSan, worst", lock_speed, 2.5,
       true},
      {"memory_vs_tsan_geomean", "peak memory against TSan, geometric mean",
       summary.memory_vs_tsan_geomean, 0.5, false},
      {"empty_program_mib", "memory of an empty program over native, MiB", emptyProgramMib(results),
       3.0, false},
      {"compile_vs_native_geomean", "compile time over native, geometric mean",
       summary.compile_vs_native_geomean, 1.3, false},
      {"throughput_kept_vs_tsan", "throughput kept from 2 to 16 threads, against TSan",
       throughputKept(results), 1.0, true},
  };
}

}  // namespace bench
