#include "runner.h"

#include <fstream>
#include <iostream>

#include "text_size.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

bool isC(const fs::path& source) { return source.extension() == ".c"; }

/// "clang++-19" -> "clang-19", ".../hindsight-clang++" -> ".../hindsight-clang".
std::string cDriver(std::string compiler) {
  if (const std::size_t at = compiler.rfind("++"); at != std::string::npos) compiler.erase(at, 2);
  return compiler;
}

/// The detectors' own option variables are cleared: defaults are what is compared. Reports of a
/// detector that has false ones are switched off; its work stays the same.
std::vector<std::string> environmentFor(const Workload& workload) {
  const bool silent = workload.silenced.contains("tsan");
  return {std::string("TSAN_OPTIONS=") + (silent ? "report_bugs=0" : ""),
          "HINDSIGHT=", "CCACHE_DISABLE=1"};
}

std::vector<std::string> argumentsOf(const Workload& workload, int threads, long point) {
  std::vector<std::string> arguments = workload.arguments;
  for (std::string& argument : arguments) {
    if (argument == "{threads}") argument = std::to_string(threads);
    if (argument == "{point}") argument = std::to_string(point);
  }
  return arguments;
}

/// The beginning of what a failed command wrote, and how it ended.
std::string describeFailure(const std::string& what, const ProcessResult& result) {
  std::string text =
      what + ": " + (result.timed_out ? "timed out" : "status " + std::to_string(result.status));
  if (!result.errors.empty()) text += "\n" + result.errors.substr(0, 2000);
  return text;
}

/// MiB that can be used without swapping.
long availableMib() {
  std::ifstream stream("/proc/meminfo");
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("MemAvailable:")) return std::stol(line.substr(13)) / 1024;
  }
  return 0;
}

Benchmark emptyResult(const Workload& workload, const std::string& name, long point) {
  Benchmark benchmark;
  benchmark.set = workload.set;
  benchmark.name = name;
  benchmark.tags = workload.tags;
  benchmark.silenced = workload.silenced;
  benchmark.point = point;
  return benchmark;
}

void printErrors(const Benchmark& benchmark) {
  for (const std::string& error : benchmark.errors) std::cerr << "FAILED " << error << '\n';
}

}  // namespace

const std::vector<std::string>& commonFlags() {
  static const std::vector<std::string> flags = {"-O2", "-g", "-pthread"};
  return flags;
}

std::vector<std::string> Runner::compilerFor(Mode mode, const fs::path& source) const {
  std::string compiler = mode == Mode::kHindsight ? options_.hindsight : options_.clang;
  if (isC(source)) compiler = cDriver(compiler);
  std::vector<std::string> command = {compiler, isC(source) ? "-std=gnu11" : "-std=c++20"};
  command.insert(command.end(), commonFlags().begin(), commonFlags().end());
  if (mode == Mode::kTsan) command.push_back("-fsanitize=thread");
  return command;
}

bool Runner::isAvailable(const Workload& workload, std::string& missing) const {
  std::vector<std::string> command = compilerFor(Mode::kNative, workload.source);
  command.insert(command.end(), workload.compile_flags.begin(), workload.compile_flags.end());
  command.insert(command.end(), {"-M", "-o", "/dev/null", workload.source});
  const ProcessResult result =
      runProcess(command, environmentFor(workload), std::chrono::seconds(options_.timeout_s));
  missing = result.errors.substr(0, result.errors.find('\n'));
  return result.status == 0 || result.errors.find("file not found") == std::string::npos;
}

fs::path Runner::file(const Workload& workload, Mode mode, const char* suffix) const {
  return options_.build / (workload.name + "." + nameOf(mode) + suffix);
}

void Runner::fail(Benchmark& benchmark, Mode mode, const std::string& what,
                  const ProcessResult& result) {
  failed_.emplace(benchmark.name, mode);
  benchmark.errors.push_back(
      describeFailure(benchmark.name + " (" + nameOf(mode) + "), " + what, result));
  benchmark.modes[mode].runs.clear();
}

void Runner::compile(const Workload& workload, Benchmark& benchmark, Mode mode) {
  if (failed_.contains({benchmark.name, mode})) return;
  std::vector<std::string> command = compilerFor(mode, workload.source);
  command.insert(command.end(), workload.compile_flags.begin(), workload.compile_flags.end());
  const fs::path object = file(workload, mode, ".o");
  command.insert(command.end(), {"-c", workload.source, "-o", object});
  const ProcessResult result =
      runProcess(command, environmentFor(workload), std::chrono::seconds(options_.timeout_s));
  if (result.status != 0) return fail(benchmark, mode, "compiling", result);
  benchmark.modes[mode].compilations.push_back(result.usage);
  benchmark.modes[mode].object_text_bytes = textSize(object);
}

void Runner::link(const Workload& workload, Benchmark& benchmark, Mode mode) {
  if (failed_.contains({benchmark.name, mode})) return;
  std::vector<std::string> command = compilerFor(mode, workload.source);
  const fs::path program = file(workload, mode, "");
  command.insert(command.end(), {file(workload, mode, ".o"), "-o", program});
  command.insert(command.end(), workload.libraries.begin(), workload.libraries.end());
  const ProcessResult result =
      runProcess(command, environmentFor(workload), std::chrono::seconds(options_.timeout_s));
  if (result.status != 0) return fail(benchmark, mode, "linking", result);
  benchmark.modes[mode].program_text_bytes = textSize(program);
}

void Runner::build(const Workload& workload, Benchmark& benchmark) {
  for (int i = 0; i < options_.compilations; ++i) {
    for (const Mode mode : options_.modes) compile(workload, benchmark, mode);
  }
  for (const Mode mode : options_.modes) link(workload, benchmark, mode);
}

void Runner::runOnce(const Workload& workload, Benchmark& benchmark, Mode mode) {
  if (failed_.contains({benchmark.name, mode})) return;
  std::vector<std::string> command = {file(workload, mode, "")};
  for (std::string& argument : argumentsOf(workload, options_.threads, benchmark.point)) {
    command.push_back(std::move(argument));
  }
  const ProcessResult result =
      runProcess(command, environmentFor(workload),
                 std::chrono::seconds(options_.timeout_s * workload.timeout_factor));
  if (result.status != 0 || !result.errors.empty()) {
    return fail(benchmark, mode, "running", result);
  }
  if (benchmark.output.empty()) benchmark.output = result.output;
  if (result.output != benchmark.output) {
    return fail(benchmark, mode,
                "printed \"" + result.output + "\", not \"" + benchmark.output + "\"", result);
  }
  benchmark.modes[mode].runs.push_back(result.usage);
}

Benchmark Runner::measure(const Workload& workload) {
  Benchmark benchmark = emptyResult(workload, workload.name, 0);
  std::cerr << workload.name << ": building" << std::flush;
  build(workload, benchmark);
  std::cerr << ", running" << std::flush;
  for (int i = 0; i < std::max(options_.runs, workload.runs.value_or(0)); ++i) {
    for (const Mode mode : options_.modes) runOnce(workload, benchmark, mode);
    std::cerr << '.' << std::flush;
  }
  std::cerr << '\n';
  printErrors(benchmark);
  return benchmark;
}

Series Runner::measureSeries(const Workload& workload) {
  Series series{workload.set, workload.name, workload.unit, workload.work_grows, {}};
  Benchmark built = emptyResult(workload, workload.name, 0);
  std::cerr << workload.name << ": building" << std::flush;
  build(workload, built);
  for (const long point : workload.points) {
    const double needed_mib = workload.mib_per_point * static_cast<double>(point);
    if (needed_mib > static_cast<double>(availableMib())) {
      std::cerr << ", left out " << point << " (needs " << needed_mib << " MiB)";
      continue;
    }
    Benchmark benchmark = built;
    benchmark.name += "/" + std::to_string(point);
    benchmark.point = point;
    for (const Mode mode : options_.modes) {
      if (failed_.contains({built.name, mode})) failed_.emplace(benchmark.name, mode);
    }
    series.points.push_back(std::move(benchmark));
  }
  std::cerr << ", running" << std::flush;
  for (int i = 0; i < std::max(options_.runs, workload.runs.value_or(0)); ++i) {
    for (Benchmark& point : series.points) {
      for (const Mode mode : options_.modes) runOnce(workload, point, mode);
      std::cerr << '.' << std::flush;
    }
  }
  std::cerr << '\n';
  for (const Benchmark& point : series.points) printErrors(point);
  return series;
}

}  // namespace bench
