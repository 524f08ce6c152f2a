// report.h - the bench driver's results as tables, as Markdown and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "machine.h"
#include "measures.h"
#include "results.h"

namespace bench {

struct Setup {
  Machine machine;
  std::map<Mode, std::string> compilers;  // version lines
  std::vector<std::string> flags;
  int runs = 0;
  int threads = 0;
};

/// A table per set and per series with a summary below, and the measures, for a terminal.
std::string asText(const Results& results);

/// The same for docs/performance.md, with the setup.
std::string asMarkdown(const Results& results, const Setup& setup);

/// Everything: setup, summaries, and per benchmark the medians, ratios and all runs. `summary` is
/// that of the kernels at their normal size; `summaries` has one per set and size.
nlohmann::ordered_json asJson(const Results& results, const Setup& setup);

}  // namespace bench
