#include "results.h"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

double secondsOf(const Usage& usage, Time time) {
  switch (time) {
    case Time::kUser: return usage.user_s;
    case Time::kCpu: return usage.cpuSeconds();
    case Time::kWall: break;
  }
  return usage.wall_s;
}

template <typename Measure>
std::vector<double> each(const std::vector<Usage>& runs, Measure measure) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const Usage& run : runs) values.push_back(measure(run));
  return values;
}

}  // namespace

std::optional<double> geometricMean(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  double logarithms = 0;
  for (const double value : values) logarithms += std::log(value);
  return std::exp(logarithms / static_cast<double>(values.size()));
}

const char* nameOf(Mode mode) {
  static constexpr std::array kNames = {"native", "tsan", "hindsight"};
  return kNames[static_cast<std::size_t>(mode)];
}

std::optional<Mode> modeNamed(const std::string& name) {
  for (const Mode mode : kModes) {
    if (name == nameOf(mode)) return mode;
  }
  return std::nullopt;
}

const char* nameOf(Time time) {
  static constexpr std::array kNames = {"user", "cpu", "wall"};
  return kNames[static_cast<std::size_t>(time)];
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double ModeResult::seconds(Time time) const {
  return median(each(runs, [=](const Usage& run) { return secondsOf(run, time); }));
}

double ModeResult::spread(Time time) const {
  const auto values = each(runs, [=](const Usage& run) { return secondsOf(run, time); });
  if (values.empty() || seconds(time) == 0) return 0;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return (*most - *least) / seconds(time);
}

double ModeResult::peakMib() const {
  return median(each(runs, [](const Usage& run) { return static_cast<double>(run.peak_kib); })) /
         1024;
}

double ModeResult::compileSeconds() const {
  return median(each(compilations, [](const Usage& run) { return run.cpuSeconds(); }));
}

const ModeResult* Benchmark::find(Mode mode) const {
  const auto found = modes.find(mode);
  return found == modes.end() || found->second.runs.empty() ? nullptr : &found->second;
}

std::optional<double> Benchmark::timeRatio(Mode of, Mode than, Time time) const {
  const ModeResult* numerator = find(of);
  const ModeResult* denominator = find(than);
  if (numerator == nullptr || denominator == nullptr) return std::nullopt;
  if (numerator->seconds(time) <= 0 || denominator->seconds(time) <= 0) return std::nullopt;
  return numerator->seconds(time) / denominator->seconds(time);
}

std::optional<double> Benchmark::memoryRatio(Mode of, Mode than) const {
  const ModeResult* numerator = find(of);
  const ModeResult* denominator = find(than);
  if (numerator == nullptr || denominator == nullptr) return std::nullopt;
  return numerator->peakMib() / denominator->peakMib();
}

std::optional<double> Benchmark::compileRatio(Mode of, Mode than) const {
  const ModeResult* numerator = find(of);
  const ModeResult* denominator = find(than);
  if (numerator == nullptr || denominator == nullptr) return std::nullopt;
  if (numerator->compileSeconds() <= 0 || denominator->compileSeconds() <= 0) return std::nullopt;
  return numerator->compileSeconds() / denominator->compileSeconds();
}

std::optional<double> Benchmark::codeRatio(Mode of, Mode than) const {
  const ModeResult* numerator = find(of);
  const ModeResult* denominator = find(than);
  if (numerator == nullptr || denominator == nullptr) return std::nullopt;
  if (denominator->object_text_bytes == 0) return std::nullopt;
  return static_cast<double>(numerator->object_text_bytes) /
         static_cast<double>(denominator->object_text_bytes);
}

const Benchmark* Series::find(long point) const {
  for (const Benchmark& benchmark : points) {
    if (benchmark.point == point) return &benchmark;
  }
  return nullptr;
}

std::optional<double> Series::throughput(Mode mode, Time time, const Benchmark& from,
                                         const Benchmark& at) const {
  const ModeResult* before = from.find(mode);
  const ModeResult* after = at.find(mode);
  if (before == nullptr || after == nullptr || after->seconds(time) <= 0) return std::nullopt;
  const double work =
      work_grows ? static_cast<double>(at.point) / static_cast<double>(from.point) : 1;
  return work * before->seconds(time) / after->seconds(time);
}

namespace {

/// The ratios of all benchmarks that have both modes.
template <typename Ratio>
std::vector<double> collect(const std::vector<Benchmark>& benchmarks, Ratio ratio) {
  std::vector<double> values;
  for (const Benchmark& benchmark : benchmarks) {
    if (const std::optional<double> value = ratio(benchmark)) values.push_back(*value);
  }
  return values;
}

}  // namespace

Summary summarize(const std::vector<Benchmark>& benchmarks, Time time) {
  const auto times = [&](Mode of, Mode than) {
    return collect(benchmarks, [=](const Benchmark& b) { return b.timeRatio(of, than, time); });
  };
  const auto compilations = [&](Mode of) {
    return collect(benchmarks,
                   [=](const Benchmark& b) { return b.compileRatio(of, Mode::kNative); });
  };
  const auto code = [&](Mode of) {
    return collect(benchmarks, [=](const Benchmark& b) { return b.codeRatio(of, Mode::kNative); });
  };
  const std::vector<double> memories = collect(
      benchmarks, [](const Benchmark& b) { return b.memoryRatio(Mode::kHindsight, Mode::kTsan); });

  Summary summary;
  for (const Benchmark& benchmark : benchmarks) {
    const auto speed = benchmark.timeRatio(Mode::kTsan, Mode::kHindsight, time);
    if (!speed || (summary.speed_vs_tsan_worst && *speed >= *summary.speed_vs_tsan_worst)) continue;
    summary.speed_vs_tsan_worst = speed;
    summary.speed_vs_tsan_worst_benchmark = benchmark.name;
  }
  summary.speed_vs_tsan_geomean = geometricMean(times(Mode::kTsan, Mode::kHindsight));
  summary.slowdown_vs_native_geomean = geometricMean(times(Mode::kHindsight, Mode::kNative));
  summary.tsan_slowdown_vs_native_geomean = geometricMean(times(Mode::kTsan, Mode::kNative));
  summary.memory_vs_tsan_geomean = geometricMean(memories);
  if (!memories.empty()) {
    summary.memory_vs_tsan_worst = *std::max_element(memories.begin(), memories.end());
  }
  summary.compile_vs_native_geomean = geometricMean(compilations(Mode::kHindsight));
  summary.tsan_compile_vs_native_geomean = geometricMean(compilations(Mode::kTsan));
  summary.code_vs_native_geomean = geometricMean(code(Mode::kHindsight));
  summary.tsan_code_vs_native_geomean = geometricMean(code(Mode::kTsan));
  return summary;
}

}  // namespace bench
