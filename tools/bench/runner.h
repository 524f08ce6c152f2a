// runner.h - builds and runs workloads in all modes.
//
// The runs are interleaved (native, TSan, Hindsight, native, ...), so that a change in the
// machine's speed meets all modes alike; those of a series go through all points before the next
// round. A mode fails if its build fails, if a run does not exit with 0, or if it prints anything
// else than the native build: wrong results and reports on race-free programs are errors.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "results.h"
#include "workload.h"

namespace bench {

struct RunOptions {
  std::filesystem::path build;  // where programs go
  std::string clang = "clang++-19";
  std::string hindsight;
  std::vector<Mode> modes = {kModes.begin(), kModes.end()};
  int runs = 5;
  int compilations = 3;
  int threads = 2;
  int timeout_s = 120;
};

/// "-O2 -g -pthread": what all modes compile with.
const std::vector<std::string>& commonFlags();

class Runner {
 public:
  explicit Runner(RunOptions options) : options_(std::move(options)) {}

  /// False if a header that the source includes is not installed; `missing` says which.
  bool isAvailable(const Workload& workload, std::string& missing) const;

  Benchmark measure(const Workload& workload);
  Series measureSeries(const Workload& workload);

  /// Command without arguments of the compiler of `mode`, for the language of `source`.
  std::vector<std::string> compilerFor(Mode mode, const std::filesystem::path& source) const;

 private:
  std::filesystem::path file(const Workload& workload, Mode mode, const char* suffix) const;
  void build(const Workload& workload, Benchmark& benchmark);
  void compile(const Workload& workload, Benchmark& benchmark, Mode mode);
  void link(const Workload& workload, Benchmark& benchmark, Mode mode);
  void runOnce(const Workload& workload, Benchmark& benchmark, Mode mode);
  void fail(Benchmark& benchmark, Mode mode, const std::string& what, const ProcessResult& result);

  RunOptions options_;
  std::set<std::pair<std::string, Mode>> failed_;  // by the benchmark's name
};

}  // namespace bench
