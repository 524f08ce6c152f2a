// results.h - what the bench driver measures, and the figures derived from it.
//
// A benchmark is one program with its arguments; a mode is one way to build it. Every run is kept;
// a figure is the median of its runs, a spread is (largest - smallest) / median.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "process.h"

namespace bench {

enum class Mode { kNative, kTsan, kHindsight };
inline constexpr std::array kModes = {Mode::kNative, Mode::kTsan, Mode::kHindsight};

/// "native", "tsan", "hindsight": in options and in JSON.
const char* nameOf(Mode mode);
std::optional<Mode> modeNamed(const std::string& name);

/// Which time a ratio compares. The headline figures compare user time.
enum class Time { kUser, kCpu, kWall };
inline constexpr std::array kTimes = {Time::kUser, Time::kCpu, Time::kWall};
const char* nameOf(Time time);

struct ModeResult {
  std::vector<Usage> runs;
  std::vector<Usage> compilations;
  std::uint64_t object_text_bytes = 0;
  std::uint64_t program_text_bytes = 0;

  double seconds(Time time) const;
  double spread(Time time) const;
  double peakMib() const;
  double compileSeconds() const;
};

struct Benchmark {
  std::string set;
  std::string name;
  std::vector<std::string> tags;
  /// Modes whose reports are switched off, and why.
  std::map<std::string, std::string> silenced;
  long point = 0;  // in a series
  std::string output;
  std::map<Mode, ModeResult> modes;
  /// What went wrong: a failed build, a bad exit status, a report, a checksum that differs.
  std::vector<std::string> errors;

  /// Null if the mode was not measured or failed.
  const ModeResult* find(Mode mode) const;
  /// How many times longer `of` takes than `than`; empty unless both were measured.
  std::optional<double> timeRatio(Mode of, Mode than, Time time) const;
  std::optional<double> memoryRatio(Mode of, Mode than) const;
  std::optional<double> compileRatio(Mode of, Mode than) const;
  std::optional<double> codeRatio(Mode of, Mode than) const;
};

/// One program at several points: numbers of threads, sizes, ...
struct Series {
  std::string set;
  std::string name;
  std::string unit;
  bool work_grows = false;  // with the point; otherwise the work is the same at each
  std::vector<Benchmark> points;

  const Benchmark* find(long point) const;
  /// Throughput at `at`, as a part of that at `from`. Empty unless both were measured.
  std::optional<double> throughput(Mode mode, Time time, const Benchmark& from,
                                   const Benchmark& at) const;
};

/// Figures over all benchmarks that have both modes; empty if none has.
struct Summary {
  std::optional<double> speed_vs_tsan_geomean;
  std::optional<double> speed_vs_tsan_worst;
  std::string speed_vs_tsan_worst_benchmark;
  std::optional<double> slowdown_vs_native_geomean;
  std::optional<double> tsan_slowdown_vs_native_geomean;
  std::optional<double> memory_vs_tsan_geomean;
  std::optional<double> memory_vs_tsan_worst;
  std::optional<double> compile_vs_native_geomean;
  std::optional<double> tsan_compile_vs_native_geomean;
  std::optional<double> code_vs_native_geomean;
  std::optional<double> tsan_code_vs_native_geomean;
};
Summary summarize(const std::vector<Benchmark>& benchmarks, Time time);

/// Empty without values.
std::optional<double> geometricMean(const std::vector<double>& values);

double median(std::vector<double> values);

}  // namespace bench
