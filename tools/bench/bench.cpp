// bench.cpp - builds each kernel natively, with ThreadSanitizer and with Hindsight, and compares.
//
// The runs of a kernel are interleaved (native, TSan, Hindsight, native, ...), so that a change in
// the machine's speed meets all modes alike. A mode fails if its build fails, if a run does not
// exit with 0, or if it prints anything else than the native build: wrong results and reports on
// these race-free programs make the whole bench fail.
//
// Exit status: 0 all well; 1 something failed (it is named); 2 wrong usage.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>

#include "report.h"
#include "text_size.h"

namespace {

namespace fs = std::filesystem;
using bench::Benchmark;
using bench::Mode;
using bench::ProcessResult;

struct Options {
  fs::path kernels;
  fs::path build;
  std::string clang = "clang++-19";
  std::string hindsight;
  std::vector<Mode> modes = {bench::kModes.begin(), bench::kModes.end()};
  std::string filter;
  std::string json;
  std::string markdown;
  int runs = 5;
  int compilations = 3;
  int threads = 2;
  int timeout_s = 120;
};

const std::vector<std::string> kFlags = {"-std=c++20", "-O2", "-g", "-pthread"};

std::vector<std::string> compilerFor(const Options& options, Mode mode) {
  std::vector<std::string> command = {mode == Mode::kHindsight ? options.hindsight : options.clang};
  command.insert(command.end(), kFlags.begin(), kFlags.end());
  if (mode == Mode::kTsan) command.push_back("-fsanitize=thread");
  return command;
}

/// The detectors' own option variables are cleared: defaults are what is compared.
const std::vector<std::string> kEnvironment = {"TSAN_OPTIONS=", "HINDSIGHT=", "CCACHE_DISABLE=1"};

ProcessResult run(const Options& options, const std::vector<std::string>& command) {
  return bench::runProcess(command, kEnvironment, std::chrono::seconds(options.timeout_s));
}

/// The beginning of what a failed command wrote, and how it ended.
std::string describeFailure(const std::string& what, const ProcessResult& result) {
  std::string text =
      what + ": " + (result.timed_out ? "timed out" : "status " + std::to_string(result.status));
  if (!result.errors.empty()) text += "\n" + result.errors.substr(0, 2000);
  return text;
}

class Bench {
 public:
  explicit Bench(Options options) : options_(std::move(options)) {}

  Benchmark measure(const fs::path& source) {
    Benchmark benchmark;
    benchmark.name = source.stem();
    std::cerr << benchmark.name << ": building" << std::flush;
    for (int i = 0; i < options_.compilations; ++i) {
      for (const Mode mode : options_.modes) compile(benchmark, mode, source);
    }
    for (const Mode mode : options_.modes) link(benchmark, mode);
    std::cerr << ", running" << std::flush;
    for (int i = 0; i < options_.runs; ++i) {
      for (const Mode mode : options_.modes) runOnce(benchmark, mode);
      std::cerr << '.' << std::flush;
    }
    std::cerr << '\n';
    for (const std::string& error : benchmark.errors) std::cerr << "FAILED " << error << '\n';
    return benchmark;
  }

 private:
  fs::path file(const Benchmark& benchmark, Mode mode, const char* suffix) const {
    return options_.build / (benchmark.name + "." + bench::nameOf(mode) + suffix);
  }

  void fail(Benchmark& benchmark, Mode mode, const std::string& what, const ProcessResult& result) {
    failed_.emplace_back(benchmark.name, mode);
    benchmark.errors.push_back(
        describeFailure(benchmark.name + " (" + bench::nameOf(mode) + "), " + what, result));
    benchmark.modes[mode].runs.clear();
  }

  bool hasFailed(const Benchmark& benchmark, Mode mode) const {
    return std::find(failed_.begin(), failed_.end(), std::pair(benchmark.name, mode)) !=
           failed_.end();
  }

  void compile(Benchmark& benchmark, Mode mode, const fs::path& source) {
    if (hasFailed(benchmark, mode)) return;
    std::vector<std::string> command = compilerFor(options_, mode);
    const fs::path object = file(benchmark, mode, ".o");
    command.insert(command.end(), {"-c", source, "-o", object});
    const ProcessResult result = run(options_, command);
    if (result.status != 0) return fail(benchmark, mode, "compiling", result);
    benchmark.modes[mode].compilations.push_back(result.usage);
    benchmark.modes[mode].object_text_bytes = bench::textSize(object);
  }

  void link(Benchmark& benchmark, Mode mode) {
    if (hasFailed(benchmark, mode)) return;
    std::vector<std::string> command = compilerFor(options_, mode);
    const fs::path program = file(benchmark, mode, "");
    command.insert(command.end(), {file(benchmark, mode, ".o"), "-o", program});
    const ProcessResult result = run(options_, command);
    if (result.status != 0) return fail(benchmark, mode, "linking", result);
    benchmark.modes[mode].program_text_bytes = bench::textSize(program);
  }

  void runOnce(Benchmark& benchmark, Mode mode) {
    if (hasFailed(benchmark, mode)) return;
    const ProcessResult result =
        run(options_, {file(benchmark, mode, ""), std::to_string(options_.threads)});
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

  Options options_;
  std::vector<std::pair<std::string, Mode>> failed_;
};

std::vector<fs::path> kernelsMatching(const Options& options) {
  const std::regex filter(options.filter);
  std::vector<fs::path> kernels;
  for (const fs::directory_entry& entry : fs::directory_iterator(options.kernels)) {
    const fs::path& path = entry.path();
    if (path.extension() == ".cpp" && std::regex_search(path.stem().string(), filter)) {
      kernels.push_back(path);
    }
  }
  std::sort(kernels.begin(), kernels.end());
  return kernels;
}

/// Parses the command line; exits on --help and on wrong usage.
Options parse(int argc, char** argv) {
  Options options;
  std::string modes = "native,tsan,hindsight";
  CLI::App app("Compares native, ThreadSanitizer and Hindsight builds of threaded kernels.");
  app.option_defaults()->always_capture_default();
  app.add_option("--kernels", options.kernels, "Directory of the kernels")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--build", options.build, "Directory for the programs built")->required();
  app.add_option("--hindsight", options.hindsight, "Hindsight's C++ compiler wrapper")->required();
  app.add_option("--clang", options.clang, "Compiler for native and TSan");
  app.add_option("--modes", modes, "Comma-separated: native, tsan, hindsight");
  app.add_option("--filter", options.filter, "Only kernels whose name matches this expression");
  app.add_option("--runs", options.runs, "Runs per kernel and mode")->check(CLI::Range(1, 1000));
  app.add_option("--compile-runs", options.compilations, "Compilations per kernel and mode")
      ->check(CLI::Range(1, 100));
  app.add_option("--threads", options.threads, "Threads per kernel")->check(CLI::Range(1, 256));
  app.add_option("--timeout", options.timeout_s, "Seconds until a run is killed")
      ->check(CLI::Range(1, 86400));
  app.add_option("--json", options.json, "Write everything to this file");
  app.add_option("--markdown", options.markdown, "Write a Markdown table to this file");
  try {
    app.parse(argc, argv);
    options.modes.clear();
    for (const std::string& name : CLI::detail::split(modes, ',')) {
      const std::optional<Mode> mode = bench::modeNamed(name);
      if (!mode) throw CLI::ValidationError("--modes", "unknown mode '" + name + "'");
      options.modes.push_back(*mode);
    }
    std::regex check(options.filter);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 2);
  } catch (const std::regex_error& error) {
    std::cerr << "--filter: " << error.what() << '\n';
    std::exit(2);
  }
  return options;
}

void writeFile(const std::string& path, const std::string& text) {
  if (path.empty()) return;
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

int runBench(const Options& options) {
  const std::vector<fs::path> kernels = kernelsMatching(options);
  if (kernels.empty()) {
    std::cerr << "no kernel in " << options.kernels << " matches '" << options.filter << "'\n";
    return 2;
  }
  fs::create_directories(options.build);
  bench::Setup setup{.machine = bench::thisMachine(),
                     .compilers = {},
                     .flags = kFlags,
                     .runs = options.runs,
                     .threads = options.threads};
  for (const Mode mode : options.modes) {
    setup.compilers[mode] = bench::versionOf(compilerFor(options, mode)[0]);
  }

  Bench runner(options);
  std::vector<Benchmark> benchmarks;
  for (const fs::path& kernel : kernels) benchmarks.push_back(runner.measure(kernel));

  std::cout << bench::asTable(benchmarks);
  writeFile(options.json, bench::asJson(benchmarks, setup).dump(2) + "\n");
  writeFile(options.markdown, bench::asMarkdown(benchmarks, setup));

  std::size_t errors = 0;
  for (const Benchmark& benchmark : benchmarks) {
    for (const std::string& error : benchmark.errors) {
      if (errors++ == 0) std::cerr << '\n';
      std::cerr << "FAILED " << error.substr(0, error.find('\n')) << '\n';
    }
  }
  return errors == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return runBench(parse(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << '\n';
    return 1;
  }
}
