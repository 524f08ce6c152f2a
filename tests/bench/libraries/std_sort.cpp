// std_sort.cpp - strings sorted, looked up and made unique with the standard library, in threads.
//
// Each thread makes its strings, sorts them by different algorithms and joins them in a heap;
// short and long strings, so that half of them are on the heap. Verified: order and multiset.
#include <algorithm>
#include <functional>
#include <iterator>
#include <string>

#include "../kernels/kernel.h"

namespace {

std::uint64_t hashOf(const std::string& text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

std::vector<std::string> makeStrings(long count, std::uint64_t seed) {
  kernel::Random random(seed);
  std::vector<std::string> strings;
  strings.reserve(static_cast<std::size_t>(count));
  for (long i = 0; i < count; ++i) {
    std::string text = std::to_string(random.below(100'000));
    if (random.below(2) == 0) text += " and a tail that makes it long";
    strings.push_back(std::move(text));
  }
  return strings;
}

std::uint64_t sortOnce(long count, std::uint64_t seed) {
  std::vector<std::string> strings = makeStrings(count, seed);
  std::uint64_t before = 0;
  for (const std::string& text : strings) before += hashOf(text);

  std::vector<std::string> by_heap = strings;
  std::make_heap(by_heap.begin(), by_heap.end());
  std::sort_heap(by_heap.begin(), by_heap.end());
  std::sort(strings.begin(), strings.end());
  kernel::require(by_heap == strings, "two algorithms agree");
  std::stable_sort(by_heap.begin(), by_heap.end(),
                   [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  std::uint64_t after = 0;
  for (const std::string& text : by_heap) after += hashOf(text);
  kernel::require(before == after, "the same strings");

  strings.erase(std::unique(strings.begin(), strings.end()), strings.end());
  std::uint64_t found = 0;
  for (long i = 0; i < count; i += 4) {
    found += std::binary_search(strings.begin(), strings.end(), std::to_string(i)) ? 1 : 0;
  }
  return after * 31 + found + strings.size();
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 320'000);
  constexpr int kPortions = 16;
  std::vector<std::uint64_t> results(kPortions);
  kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
    for (int p = index; p < kPortions; p += threads) {
      results[static_cast<std::size_t>(p)] =
          sortOnce(size / kPortions, static_cast<std::uint64_t>(p) + 1);
    }
  });
  kernel::Checksum checksum;
  for (const std::uint64_t result : results) checksum.add(result);
  return kernel::finish("std_sort", checksum);
}
