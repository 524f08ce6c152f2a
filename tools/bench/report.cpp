#include "report.h"

#include <cstdio>
#include <functional>

namespace bench {
namespace {

using Json = nlohmann::ordered_json;

std::string format(const char* pattern, double value) {
  char text[32];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

std::string format(const char* pattern, const std::optional<double>& value) {
  return value ? format(pattern, *value) : "-";
}

/// A column of the table: a heading of two parts, and the cell of a benchmark.
struct Column {
  std::string group;
  std::string heading;
  std::function<std::string(const Benchmark&)> cell;
};

/// "1.23 ±4%": median, and half the distance between the slowest and the fastest run.
std::string timeCell(const Benchmark& benchmark, Mode mode) {
  const ModeResult* result = benchmark.find(mode);
  if (result == nullptr) return benchmark.modes.contains(mode) ? "failed" : "-";
  return format("%.2f", result->seconds(Time::kUser)) + " ±" +
         format("%.0f%%", 50 * result->spread(Time::kUser));
}

using Columns = std::vector<Column>;

/// One column for each mode.
template <typename Figure>
void addPerMode(Columns& columns, const char* group, Figure figure) {
  for (const Mode mode : kModes) {
    columns.push_back({group, nameOf(mode), [=](const Benchmark& b) {
                         const ModeResult* measured = b.find(mode);
                         if (measured != nullptr) return figure(*measured);
                         return std::string(b.modes.contains(mode) ? "failed" : "-");
                       }});
  }
}

std::string nameCell(const Benchmark& benchmark) {
  return benchmark.name + (benchmark.silenced.empty() ? "" : " (1)");
}

Columns benchmarkColumns() {
  Columns result;
  result.push_back({"", "benchmark", nameCell});
  for (const Mode mode : kModes) {
    result.push_back(
        {"user s", nameOf(mode), [=](const Benchmark& b) { return timeCell(b, mode); }});
  }
  result.push_back({"x native", "tsan", [](const Benchmark& b) {
                      return format("%.1f", b.timeRatio(Mode::kTsan, Mode::kNative, Time::kUser));
                    }});
  result.push_back({"x native", "hindsight", [](const Benchmark& b) {
                      return format("%.1f",
                                    b.timeRatio(Mode::kHindsight, Mode::kNative, Time::kUser));
                    }});
  result.push_back({"vs tsan", "speed", [](const Benchmark& b) {
                      return format("%.2f",
                                    b.timeRatio(Mode::kTsan, Mode::kHindsight, Time::kUser));
                    }});
  result.push_back({"vs tsan", "memory", [](const Benchmark& b) {
                      return format("%.2f", b.memoryRatio(Mode::kHindsight, Mode::kTsan));
                    }});
  addPerMode(result, "peak MiB", [](const ModeResult& r) { return format("%.0f", r.peakMib()); });
  addPerMode(result, "code KiB", [](const ModeResult& r) {
    return format("%.0f", static_cast<double>(r.object_text_bytes) / 1024);
  });
  addPerMode(result, "compile s",
             [](const ModeResult& r) { return format("%.2f", r.compileSeconds()); });
  return result;
}

/// Programs of milliseconds: nothing but what the detector itself costs.
Columns emptyColumns() {
  Columns result;
  result.push_back({"", "program", nameCell});
  addPerMode(result, "cpu ms",
             [](const ModeResult& r) { return format("%.2f", 1000 * r.seconds(Time::kCpu)); });
  addPerMode(result, "wall ms",
             [](const ModeResult& r) { return format("%.2f", 1000 * r.seconds(Time::kWall)); });
  addPerMode(result, "peak MiB", [](const ModeResult& r) { return format("%.1f", r.peakMib()); });
  addPerMode(result, "program's code KiB", [](const ModeResult& r) {
    return format("%.0f", static_cast<double>(r.program_text_bytes) / 1024);
  });
  return result;
}

/// Throughput is relative to the first point's, in the same mode.
Columns seriesColumns(const Series& series) {
  Columns result;
  result.push_back({"", series.unit, [](const Benchmark& b) { return std::to_string(b.point); }});
  addPerMode(result, "cpu s", [](const ModeResult& r) {
    return format("%.2f", r.seconds(Time::kCpu)) + " ±" +
           format("%.0f%%", 50 * r.spread(Time::kCpu));
  });
  for (const Time time : {Time::kCpu, Time::kWall}) {
    for (const Mode mode : kModes) {
      const std::string group =
          std::string("throughput by ") + nameOf(time) + " time, x that of the first line";
      result.push_back({group, nameOf(mode), [=, &series](const Benchmark& b) {
                          return format("%.2f",
                                        series.throughput(mode, time, series.points.front(), b));
                        }});
    }
  }
  result.push_back({"vs tsan", "speed (cpu)", [](const Benchmark& b) {
                      return format("%.2f", b.timeRatio(Mode::kTsan, Mode::kHindsight, Time::kCpu));
                    }});
  result.push_back({"vs tsan", "memory", [](const Benchmark& b) {
                      return format("%.2f", b.memoryRatio(Mode::kHindsight, Mode::kTsan));
                    }});
  addPerMode(result, "peak MiB", [](const ModeResult& r) { return format("%.0f", r.peakMib()); });
  return result;
}

/// Characters on the screen: UTF-8 continuation bytes take no room.
std::size_t widthOf(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string padded(const std::string& text, std::size_t width, bool left) {
  const std::string space(width - std::min(width, widthOf(text)), ' ');
  return left ? text + space : space + text;
}

std::string summaryLines(const std::vector<Benchmark>& benchmarks, const char* bullet) {
  std::string text;
  const auto line = [&](const std::string& words) { text += bullet + words + "\n"; };
  for (const Time time : kTimes) {
    const Summary summary = summarize(benchmarks, time);
    std::string words = std::string(nameOf(time)) + " time, geometric means: TSan " +
                        format("%.2f", summary.tsan_slowdown_vs_native_geomean) + "x native";
    if (summary.speed_vs_tsan_geomean) {
      words += ", Hindsight " + format("%.2f", summary.slowdown_vs_native_geomean) +
               "x native; Hindsight is " + format("%.2f", summary.speed_vs_tsan_geomean) +
               "x as fast as TSan (worst " + format("%.2f", summary.speed_vs_tsan_worst) + "x, " +
               summary.speed_vs_tsan_worst_benchmark + ")";
    }
    line(words);
  }
  const Summary summary = summarize(benchmarks, Time::kUser);
  if (summary.memory_vs_tsan_geomean) {
    line("peak memory, geometric mean: Hindsight uses " +
         format("%.2f", summary.memory_vs_tsan_geomean) + "x of TSan's (worst " +
         format("%.2f", summary.memory_vs_tsan_worst) + "x)");
  }
  line("code of the object files, geometric means: TSan " +
       format("%.2f", summary.tsan_code_vs_native_geomean) + "x native, Hindsight " +
       format("%.2f", summary.code_vs_native_geomean) + "x; compile time: TSan " +
       format("%.2f", summary.tsan_compile_vs_native_geomean) + "x, Hindsight " +
       format("%.2f", summary.compile_vs_native_geomean) + "x");
  return text;
}

Json optionalJson(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json summaryJson(const Summary& summary) {
  return {
      {"speed_vs_tsan_geomean", optionalJson(summary.speed_vs_tsan_geomean)},
      {"speed_vs_tsan_worst", optionalJson(summary.speed_vs_tsan_worst)},
      {"speed_vs_tsan_worst_benchmark", summary.speed_vs_tsan_worst_benchmark},
      {"memory_vs_tsan_geomean", optionalJson(summary.memory_vs_tsan_geomean)},
      {"memory_vs_tsan_worst", optionalJson(summary.memory_vs_tsan_worst)},
      {"slowdown_vs_native_geomean", optionalJson(summary.slowdown_vs_native_geomean)},
      {"tsan_slowdown_vs_native_geomean", optionalJson(summary.tsan_slowdown_vs_native_geomean)},
      {"compile_vs_native_geomean", optionalJson(summary.compile_vs_native_geomean)},
      {"tsan_compile_vs_native_geomean", optionalJson(summary.tsan_compile_vs_native_geomean)},
      {"code_vs_native_geomean", optionalJson(summary.code_vs_native_geomean)},
      {"tsan_code_vs_native_geomean", optionalJson(summary.tsan_code_vs_native_geomean)}};
}

Json usageJson(const std::vector<Usage>& runs) {
  Json result = Json::array();
  for (const Usage& run : runs) {
    result.push_back({{"user_s", run.user_s},
                      {"system_s", run.system_s},
                      {"wall_s", run.wall_s},
                      {"peak_kib", run.peak_kib}});
  }
  return result;
}

Json modeJson(const ModeResult& result) {
  return {{"user_s", result.seconds(Time::kUser)},
          {"user_spread", result.spread(Time::kUser)},
          {"cpu_s", result.seconds(Time::kCpu)},
          {"wall_s", result.seconds(Time::kWall)},
          {"peak_mib", result.peakMib()},
          {"object_text_bytes", result.object_text_bytes},
          {"program_text_bytes", result.program_text_bytes},
          {"compile_s", result.compileSeconds()},
          {"runs", usageJson(result.runs)},
          {"compilations", usageJson(result.compilations)}};
}

Json benchmarkJson(const Benchmark& benchmark) {
  Json modes = Json::object();
  for (const auto& [mode, result] : benchmark.modes) modes[nameOf(mode)] = modeJson(result);
  const auto ratio = [&](Mode of, Mode than) {
    return optionalJson(benchmark.timeRatio(of, than, Time::kUser));
  };
  return {{"name", benchmark.name},
          {"set", benchmark.set},
          {"tags", benchmark.tags},
          {"silenced", benchmark.silenced},
          {"output", benchmark.output},
          {"errors", benchmark.errors},
          {"speed_vs_tsan", ratio(Mode::kTsan, Mode::kHindsight)},
          {"slowdown_vs_native", ratio(Mode::kHindsight, Mode::kNative)},
          {"tsan_slowdown_vs_native", ratio(Mode::kTsan, Mode::kNative)},
          {"memory_vs_tsan", optionalJson(benchmark.memoryRatio(Mode::kHindsight, Mode::kTsan))},
          {"modes", modes}};
}

Json seriesJson(const Series& series) {
  Json points = Json::array();
  for (const Benchmark& point : series.points) {
    Json entry = benchmarkJson(point);
    entry["point"] = point.point;
    for (const Mode mode : kModes) {
      for (const Time time : kTimes) {
        entry["throughput"][nameOf(mode)][nameOf(time)] =
            optionalJson(series.throughput(mode, time, series.points.front(), point));
      }
    }
    points.push_back(std::move(entry));
  }
  return {{"name", series.name}, {"set", series.set}, {"unit", series.unit}, {"points", points}};
}

Json measuresJson(const Results& results) {
  Json result = Json::object();
  for (const Measure& measure : measuresOf(results)) {
    result[measure.name] = {{"value", optionalJson(measure.value)},
                            {measure.at_least ? "at_least" : "at_most", measure.goal},
                            {"reached", measure.isReached()}};
  }
  return result;
}

Json summariesJson(const std::vector<Benchmark>& benchmarks) {
  Json summary = summaryJson(summarize(benchmarks, Time::kUser));
  for (const Time time : kTimes) {
    summary["by_time"][nameOf(time)] = summaryJson(summarize(benchmarks, time));
  }
  return summary;
}

std::string textTable(const Columns& all, const std::vector<Benchmark>& benchmarks) {
  std::vector<std::size_t> widths;
  for (const Column& column : all) {
    const bool alone = column.group.size() < 12;  // long ones may run over their columns
    std::size_t width = std::max(column.heading.size(), alone ? column.group.size() : 0);
    for (const Benchmark& benchmark : benchmarks) {
      width = std::max(width, widthOf(column.cell(benchmark)));
    }
    widths.push_back(width);
  }
  std::string text;
  const auto row = [&](auto text_of) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool new_group = i > 0 && all[i].group != all[i - 1].group;
      text += (i == 0 ? "" : new_group ? "  | " : "  ") + padded(text_of(i), widths[i], i == 0);
    }
    text += '\n';
  };
  row([&](std::size_t i) {
    return i > 0 && all[i].group == all[i - 1].group ? std::string()
                                                     : all[i].group.substr(0, widths[i] + 12);
  });
  row([&](std::size_t i) { return all[i].heading; });
  for (const Benchmark& benchmark : benchmarks) {
    row([&](std::size_t i) { return all[i].cell(benchmark); });
  }
  return text;
}

std::string markdownTable(const Columns& all, const std::vector<Benchmark>& benchmarks) {
  std::string text = "|";
  for (const Column& column : all) {
    text += " " + (column.group.empty() ? "" : column.group + ", ") + column.heading + " |";
  }
  text += "\n|---|";
  for (std::size_t i = 1; i < all.size(); ++i) text += "---:|";
  for (const Benchmark& benchmark : benchmarks) {
    text += "\n|";
    for (const Column& column : all) text += " " + column.cell(benchmark) + " |";
  }
  return text + "\n";
}

/// "(1) tsan's reports are switched off for: name (why); ..."
std::string footnote(const std::vector<Benchmark>& benchmarks) {
  std::string text;
  for (const Benchmark& benchmark : benchmarks) {
    for (const auto& [mode, reason] : benchmark.silenced) {
      text += text.empty() ? "(1) Reports are switched off: " : "; ";
      text.append(benchmark.name).append(" (").append(mode).append(": ").append(reason).append(")");
    }
  }
  return text.empty() ? text : text + ".\n";
}

std::string measureLines(const Results& results, const char* bullet) {
  std::string text;
  for (const Measure& measure : measuresOf(results)) {
    text += bullet + measure.text + ": " + format("%.2f", measure.value) + " (goal " +
            (measure.at_least ? ">= " : "<= ") + format("%.1f", measure.goal) + ")\n";
  }
  return text;
}

bool hasMeasures(const Results& results) { return !results.group("kernels").empty(); }

}  // namespace

std::string asText(const Results& results) {
  std::string text;
  for (const std::string& name : results.groups()) {
    const std::vector<Benchmark> group = results.group(name);
    const bool empty = name == "empty";
    text += "== " + name + "\n" + textTable(empty ? emptyColumns() : benchmarkColumns(), group);
    text += "\n" + footnote(group) + (empty ? "" : summaryLines(group, "")) + "\n";
  }
  for (const Series& series : results.series) {
    if (series.points.empty()) continue;
    text += "== " + series.set + ": " + series.name + "\n" +
            textTable(seriesColumns(series), series.points) + "\n";
  }
  if (hasMeasures(results)) text += "== measures\n" + measureLines(results, "");
  return text;
}

std::string asMarkdown(const Results& results, const Setup& setup) {
  std::string text = "Machine: " + setup.machine.processor + ", " +
                     std::to_string(setup.machine.cores) + " cores, " +
                     std::to_string(setup.machine.memory_mib / 1024) + " GiB; " +
                     setup.machine.system + ", Linux " + setup.machine.kernel + ".\n\nCompilers:\n";
  for (const auto& [mode, version] : setup.compilers) {
    text += std::string("- ") + nameOf(mode) + ": " + version + "\n";
  }
  text += "\nFlags: `";
  for (const std::string& flag : setup.flags) text += flag + " ";
  text.back() = '`';
  text += ". Threads: " + std::to_string(setup.threads) + ". Medians of " +
          std::to_string(setup.runs) +
          " interleaved runs; ± is half the distance between the slowest and the fastest run.\n";
  for (const std::string& name : results.groups()) {
    const std::vector<Benchmark> group = results.group(name);
    const bool empty = name == "empty";
    text += "\n### " + name + "\n\n" +
            markdownTable(empty ? emptyColumns() : benchmarkColumns(), group) + "\n";
    if (const std::string note = footnote(group); !note.empty()) text += note + "\n";
    if (!empty) text += summaryLines(group, "- ");
  }
  for (const Series& series : results.series) {
    if (series.points.empty()) continue;
    text += "\n### " + series.set + ": " + series.name + "\n\n" +
            markdownTable(seriesColumns(series), series.points);
  }
  if (hasMeasures(results)) text += "\n### measures\n\n" + measureLines(results, "- ");
  return text;
}

Json asJson(const Results& results, const Setup& setup) {
  Json compilers = Json::object();
  for (const auto& [mode, version] : setup.compilers) compilers[nameOf(mode)] = version;
  Json summaries = Json::object();
  for (const std::string& name : results.groups()) {
    if (name != "empty") summaries[name] = summariesJson(results.group(name));
  }
  Json entries = Json::array();
  for (const Benchmark& benchmark : results.benchmarks) entries.push_back(benchmarkJson(benchmark));
  Json series = Json::array();
  for (const Series& one : results.series) series.push_back(seriesJson(one));
  return {{"schema", 2},
          {"machine",
           {{"processor", setup.machine.processor},
            {"cores", setup.machine.cores},
            {"memory_mib", setup.machine.memory_mib},
            {"system", setup.machine.system},
            {"kernel", setup.machine.kernel}}},
          {"compilers", compilers},
          {"flags", setup.flags},
          {"runs", setup.runs},
          {"threads", setup.threads},
          {"summary", summariesJson(results.group("kernels"))},
          {"summaries", summaries},
          {"measures", measuresJson(results)},
          {"benchmarks", entries},
          {"series", series},
          {"skipped", results.skipped}};
}

}  // namespace bench
