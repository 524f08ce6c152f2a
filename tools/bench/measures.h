// measures.h - the figures that the project's goals are set in.
#pragma once

#include <string>
#include <vector>

#include "results.h"

namespace bench {

struct Results {
  std::vector<Benchmark> benchmarks;
  std::vector<Series> series;
  std::vector<std::string> skipped;  // what they need is not installed

  /// Those of `set` at one size; "kernels", "kernels-large".
  std::vector<Benchmark> group(const std::string& name) const;
  /// The names of all groups, in order.
  std::vector<std::string> groups() const;
};

struct Measure {
  std::string name;  // in JSON
  std::string text;
  std::optional<double> value;
  double goal = 0;
  bool at_least = true;  // or at most

  bool isReached() const { return value && (at_least ? *value >= goal : *value <= goal); }
};

/// All measures; those whose benchmarks were not run have no value.
std::vector<Measure> measuresOf(const Results& results);

}  // namespace bench
