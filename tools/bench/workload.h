// workload.h - what there is to measure: the list in tests/bench/benchmarks.json.
//
// The list groups benchmarks into sets. A benchmark is a program and its arguments; a series is a
// program that is run once for each point (numbers of threads, sizes, ...), to see how cost grows.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bench {

struct Workload {
  std::string set;
  /// Unique, in file names, too: "atomics", "atomics-large".
  std::string name;
  std::filesystem::path source;
  std::vector<std::string> compile_flags;  // "{root}" is that of the repository
  std::vector<std::string> libraries;
  /// "{threads}" and "{point}" are replaced when it is run.
  std::vector<std::string> arguments;
  /// "array", "locks", ...: the groups that issue measures are made of.
  std::vector<std::string> tags;
  /// Why reports are switched off in this mode ("tsan"): it has some, and they are false.
  std::map<std::string, std::string> silenced;
  /// Runs per mode if not as many as the command line says (very short programs need more).
  std::optional<int> runs;
  int timeout_factor = 1;

  /// A series: what its points count, and which there are.
  std::string unit;
  std::vector<long> points;
  bool work_grows = false;  // with the point; otherwise the work is the same at each
  /// MiB that the hungriest mode needs at a point, per unit of it; such points are left out where
  /// there is less.
  double mib_per_point = 0;

  bool isSeries() const { return !points.empty(); }
};

/// Which of the two sizes of each benchmark.
enum class Size { kNormal, kLarge, kBoth };

/// The workloads of `file` that are in one of `sets`. Throws std::runtime_error if the file is
/// malformed or a set unknown.
std::vector<Workload> loadWorkloads(const std::filesystem::path& file,
                                    const std::vector<std::string>& sets, Size size);

}  // namespace bench
