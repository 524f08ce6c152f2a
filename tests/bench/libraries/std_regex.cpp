// std_regex.cpp - log lines taken apart by std::regex; all threads share the compiled expressions.
//
// Verified: the fields found are those that the lines were made of.
#include <regex>
#include <string>

#include "../kernels/kernel.h"

namespace {

struct Fields {
  std::string user;
  std::string path;
  int status;
};

Fields fieldsOf(long number) {
  kernel::Random random(static_cast<std::uint64_t>(number));
  return {"user" + std::to_string(random.below(500)),
          "/api/v" + std::to_string(1 + random.below(3)) + "/item/" +
              std::to_string(random.below(100'000)),
          random.below(20) == 0 ? 500 : 200};
}

std::string lineOf(const Fields& fields) {
  return "2026-03-0" + std::to_string(1 + fields.user.size() % 9) + " 12:00:00 [" + fields.user +
         "] \"GET " + fields.path + "\" -> " + std::to_string(fields.status);
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 12'000);
  const std::regex line_pattern(
      R"re((\d+-\d+-\d+) (\d+:\d+:\d+) \[(\w+)\] "GET ([^"]*)" -> (\d+))re");
  const std::regex path_pattern(R"(/api/v(\d)/item/(\d+))");

  std::vector<std::uint64_t> sums(static_cast<std::size_t>(threads));
  kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
    const kernel::Slice lines = kernel::sliceOf(size, index, threads);
    std::uint64_t sum = 0;
    for (long i = lines.begin; i < lines.end; ++i) {
      const Fields fields = fieldsOf(i);
      const std::string line = lineOf(fields);
      std::smatch match;
      kernel::require(std::regex_match(line, match, line_pattern), "line matches");
      kernel::require(match[3] == fields.user && match[4] == fields.path, "fields of a line");
      const std::string path = match[4];
      std::smatch parts;
      kernel::require(std::regex_search(path, parts, path_pattern), "path matches");
      sum += std::stoull(parts[2]) + std::stoull(match[5]);
    }
    sums[static_cast<std::size_t>(index)] = sum;
  });
  std::uint64_t total = 0;
  for (const std::uint64_t sum : sums) total += sum;
  kernel::Checksum checksum;
  checksum.add(total);
  return kernel::finish("std_regex", checksum);
}
