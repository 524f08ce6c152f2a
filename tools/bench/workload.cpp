#include "workload.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace bench {
namespace {

using Json = nlohmann::ordered_json;

Workload parseWorkload(const std::string& set, const std::filesystem::path& folder,
                       const Json& entry) {
  Workload workload;
  workload.set = set;
  workload.name = entry.at("name");
  workload.source = folder / entry.at("source").get<std::string>();
  workload.compile_flags = entry.value("compile_flags", std::vector<std::string>());
  const std::string root = folder.parent_path().parent_path();  // of the repository
  for (std::string& flag : workload.compile_flags) {
    if (const std::size_t at = flag.find("{root}"); at != std::string::npos) {
      flag.replace(at, 6, root);
    }
  }
  workload.libraries = entry.value("libraries", std::vector<std::string>());
  workload.arguments = entry.value("arguments", std::vector<std::string>());
  workload.tags = entry.value("tags", std::vector<std::string>());
  workload.silenced = entry.value("silenced", std::map<std::string, std::string>());
  if (entry.contains("runs")) workload.runs = entry.at("runs").get<int>();
  workload.unit = entry.value("unit", "");
  workload.points = entry.value("points", std::vector<long>());
  workload.work_grows = entry.value("work_grows", false);
  workload.mib_per_point = entry.value("mib_per_point", 0.0);
  return workload;
}

/// The benchmark with its second, larger argument list.
Workload enlarged(Workload workload, const Json& entry) {
  workload.name += "-large";
  workload.arguments = entry.at("large").get<std::vector<std::string>>();
  workload.timeout_factor = 4;
  return workload;
}

}  // namespace

std::vector<Workload> loadWorkloads(const std::filesystem::path& file,
                                    const std::vector<std::string>& sets, Size size) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  const Json list = Json::parse(stream, nullptr, true, /*ignore_comments=*/true);
  for (const std::string& set : sets) {
    if (set == "all" || list.contains(set)) continue;
    std::string message = "--set: no set '";
    message.append(set).append("'; there are ");
    for (const auto& [name, entries] : list.items()) message.append(name).append(", ");
    throw std::runtime_error(message.append("all"));
  }
  std::vector<Workload> workloads;
  const auto wanted = [&](const std::string& set) {
    return std::any_of(sets.begin(), sets.end(),
                       [&](const std::string& name) { return name == "all" || name == set; });
  };
  for (const auto& [set, entries] : list.items()) {
    if (!wanted(set)) continue;
    for (const Json& entry : entries) {
      const Workload workload =
          parseWorkload(set, std::filesystem::absolute(file).parent_path(), entry);
      if (size != Size::kLarge || !entry.contains("large")) workloads.push_back(workload);
      if (size != Size::kNormal && entry.contains("large")) {
        workloads.push_back(enlarged(workload, entry));
      }
    }
  }
  return workloads;
}

}  // namespace bench
