// report.h - the bench driver's results as a table, as Markdown and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "machine.h"
#include "results.h"

namespace bench {

struct Setup {
  Machine machine;
  std::map<Mode, std::string> compilers;  // version lines
  std::vector<std::string> flags;
  int runs = 0;
  int threads = 0;
};

/// One row per benchmark and the summary below, for a terminal.
std::string asTable(const std::vector<Benchmark>& benchmarks);

/// The same for docs/performance.md, with the setup.
std::string asMarkdown(const std::vector<Benchmark>& benchmarks, const Setup& setup);

/// Everything: setup, summary, and per benchmark the medians, ratios and all runs.
nlohmann::ordered_json asJson(const std::vector<Benchmark>& benchmarks, const Setup& setup);

}  // namespace bench
