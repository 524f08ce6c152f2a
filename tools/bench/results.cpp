#include "results.h"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

double secondsOf(const Usage& usage, Time time) {
  switch (time) {
    case Time::kUser:
      return usage.user_s;
    case Time::kCpu:
      return usage.cpuSeconds();
    case Time::kWall:
      break;
  }
  return usage.wall_s;
}

template <typename Measure>
std::vector<double> each(const std::vector<Usage>& runs, Measure measure) {
  std::vector<double> values;
  for (const Usage& run : runs) values.push_back(measure(run));
  return values;
}

std::optional<double> geometricMean(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  double logarithms = 0;
  for (const double value : values) logarithms += std::log(value);
  return std::exp(logarithms / static_cast<double>(values.size()));
}

}  // namespace

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

Summary summarize(const std::vector<Benchmark>& benchmarks, Time time) {
  Summary summary;
  std::vector<double> speeds;
  std::vector<double> slowdowns;
  std::vector<double> tsan_slowdowns;
  std::vector<double> memories;
  for (const Benchmark& benchmark : benchmarks) {
    if (const auto speed = benchmark.timeRatio(Mode::kTsan, Mode::kHindsight, time)) {
      speeds.push_back(*speed);
      if (!summary.speed_vs_tsan_worst || *speed < *summary.speed_vs_tsan_worst) {
        summary.speed_vs_tsan_worst = *speed;
        summary.speed_vs_tsan_worst_benchmark = benchmark.name;
      }
    }
    if (const auto slowdown = benchmark.timeRatio(Mode::kHindsight, Mode::kNative, time)) {
      slowdowns.push_back(*slowdown);
    }
    if (const auto slowdown = benchmark.timeRatio(Mode::kTsan, Mode::kNative, time)) {
      tsan_slowdowns.push_back(*slowdown);
    }
    if (const auto memory = benchmark.memoryRatio(Mode::kHindsight, Mode::kTsan)) {
      memories.push_back(*memory);
    }
  }
  summary.speed_vs_tsan_geomean = geometricMean(speeds);
  summary.slowdown_vs_native_geomean = geometricMean(slowdowns);
  summary.tsan_slowdown_vs_native_geomean = geometricMean(tsan_slowdowns);
  summary.memory_vs_tsan_geomean = geometricMean(memories);
  if (!memories.empty()) {
    summary.memory_vs_tsan_worst = *std::max_element(memories.begin(), memories.end());
  }
  return summary;
}

}  // namespace bench
