// bench.cpp - measures programs built natively, with ThreadSanitizer and with Hindsight.
//
// What there is to measure: workload.h. How it is run: runner.h. What is made of it: report.h.
//
// Exit status: 0 all well; 1 something failed (it is named); 2 wrong usage.

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>

#include "report.h"
#include "runner.h"

namespace {

namespace fs = std::filesystem;
using bench::Benchmark;
using bench::Mode;
using bench::Series;
using bench::Size;
using bench::Workload;

struct Options {
  bench::RunOptions run;
  fs::path list;
  fs::path launcher;
  std::vector<std::string> sets;
  Size size = Size::kNormal;
  std::string filter;
  std::string json;
  std::string markdown;
};

/// Kernels, scaling and the empty program: what the measures are made of (report.h, Measures).
constexpr const char* kDefaultSets = "kernels,empty,scaling";

/// Options that are parsed further.
struct Words {
  std::string modes = "native,tsan,hindsight";
  std::string sets = kDefaultSets;
  std::string size = "normal";
};

void addOptions(CLI::App& app, Options& options, Words& words) {
  bench::RunOptions& run = options.run;
  app.option_defaults()->always_capture_default();
  app.add_option("--list", options.list, "The list of benchmarks")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--launcher", options.launcher, "The program made of launch.c")->required();
  app.add_option("--build", run.build, "Directory for the programs built")->required();
  app.add_option("--hindsight", run.hindsight, "Hindsight's C++ compiler wrapper")->required();
  app.add_option("--clang", run.clang, "Compiler for native and TSan");
  app.add_option("--modes", words.modes, "Comma-separated: native, tsan, hindsight");
  app.add_option("--set", words.sets,
                 "Comma-separated: kernels, programs, libraries, empty, scaling, growth, all");
  app.add_option("--size", words.size, "normal, large or both, of benchmarks that have two sizes");
  app.add_option("--filter", options.filter, "Only benchmarks whose name matches this expression");
  app.add_option("--runs", run.runs, "Runs per benchmark and mode")->check(CLI::Range(1, 1000));
  app.add_option("--compile-runs", run.compilations, "Compilations per benchmark and mode")
      ->check(CLI::Range(1, 100));
  app.add_option("--threads", run.threads, "Threads per benchmark")->check(CLI::Range(1, 256));
  app.add_option("--timeout", run.timeout_s, "Seconds until a run is killed")
      ->check(CLI::Range(1, 86400));
  app.add_option("--json", options.json, "Write everything to this file");
  app.add_option("--markdown", options.markdown, "Write Markdown tables to this file");
}

Size parseSize(const std::string& word) {
  if (word == "normal") return Size::kNormal;
  if (word == "large") return Size::kLarge;
  if (word == "both") return Size::kBoth;
  throw CLI::ValidationError("--size", "unknown size '" + word + "'");
}

/// Parses the command line; exits on --help and on wrong usage.
Options parse(int argc, char** argv) {
  Options options;
  Words words;
  CLI::App app("Compares native, ThreadSanitizer and Hindsight builds of threaded programs.");
  addOptions(app, options, words);
  try {
    app.parse(argc, argv);
    options.run.modes.clear();
    for (const std::string& name : CLI::detail::split(words.modes, ',')) {
      const std::optional<Mode> mode = bench::modeNamed(name);
      if (!mode) throw CLI::ValidationError("--modes", "unknown mode '" + name + "'");
      options.run.modes.push_back(*mode);
    }
    options.sets = CLI::detail::split(words.sets, ',');
    options.size = parseSize(words.size);
    static_cast<void>(std::regex(options.filter));  // throws if it is none
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

std::vector<Workload> workloadsFor(const Options& options) {
  std::vector<Workload> workloads;
  try {
    workloads = bench::loadWorkloads(options.list, options.sets, options.size);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    std::exit(2);
  }
  const std::regex filter(options.filter);
  std::erase_if(workloads, [&](const Workload& w) { return !std::regex_search(w.name, filter); });
  if (workloads.empty()) {
    std::cerr << "no benchmark of these sets matches '" << options.filter << "'\n";
    std::exit(2);
  }
  return workloads;
}

/// Names each failure once more at the end; returns their number.
std::size_t listErrors(const bench::Results& results) {
  std::size_t errors = 0;
  const auto list = [&](const Benchmark& benchmark) {
    for (const std::string& error : benchmark.errors) {
      if (errors++ == 0) std::cerr << '\n';
      std::cerr << "FAILED " << error.substr(0, error.find('\n')) << '\n';
    }
  };
  for (const Benchmark& benchmark : results.benchmarks) list(benchmark);
  for (const Series& series : results.series) {
    for (const Benchmark& point : series.points) list(point);
  }
  return errors;
}

int runBench(const Options& options) {
  bench::setLauncher(options.launcher);
  const std::vector<Workload> workloads = workloadsFor(options);
  fs::create_directories(options.run.build);
  bench::Runner runner(options.run);
  bench::Setup setup{.machine = bench::thisMachine(),
                     .compilers = {},
                     .flags = bench::commonFlags(),
                     .runs = options.run.runs,
                     .threads = options.run.threads};
  setup.flags.insert(setup.flags.begin(), "-std=c++20");
  for (const Mode mode : options.run.modes) {
    setup.compilers[mode] = bench::versionOf(runner.compilerFor(mode, "any.cpp")[0]);
  }

  bench::Results results;
  for (const Workload& workload : workloads) {
    std::string missing;
    if (!runner.isAvailable(workload, missing)) {
      std::cerr << workload.name << ": skipped, " << missing << '\n';
      results.skipped.push_back(workload.name);
    } else if (workload.isSeries()) {
      results.series.push_back(runner.measureSeries(workload));
    } else {
      results.benchmarks.push_back(runner.measure(workload));
    }
    writeFile(options.json, bench::asJson(results, setup).dump(2) + "\n");
  }

  std::cout << bench::asText(results);
  writeFile(options.markdown, bench::asMarkdown(results, setup));
  return listErrors(results) == 0 ? 0 : 1;
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
