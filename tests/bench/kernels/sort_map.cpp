// sort_map.cpp - threads sort their parts of an array, merge them, and fill ordered maps.
//
// Standard library algorithms and containers as they are used every day.
#include <algorithm>
#include <map>
#include <tuple>

#include "kernel.h"

namespace {

struct Record {
  std::uint32_t key;
  std::uint32_t weight;
  std::uint64_t id;

  friend bool operator<(const Record& a, const Record& b) {
    return std::tie(a.key, a.id) < std::tie(b.key, b.id);
  }
};

std::vector<Record> makeRecords(long count) {
  kernel::Random random(3);
  std::vector<Record> records;
  records.reserve(static_cast<std::size_t>(count));
  for (long i = 0; i < count; ++i) {
    records.push_back({static_cast<std::uint32_t>(random.below(50'000)),
                       static_cast<std::uint32_t>(random.below(100)),
                       static_cast<std::uint64_t>(i)});
  }
  return records;
}

/// Sorts `records` by parts on all threads and merges the parts.
void sortInParts(std::vector<Record>& records, int threads) {
  const auto total = static_cast<long>(records.size());
  std::vector<Record> merged(records.size());
  kernel::runThreads(threads, [&](int index) {
    const kernel::Slice part = kernel::sliceOf(total, index, threads);
    std::sort(records.begin() + part.begin, records.begin() + part.end);
  });
  for (int index = 1; index < threads; ++index) {
    const kernel::Slice part = kernel::sliceOf(total, index, threads);
    const auto middle = records.begin() + part.begin;
    std::merge(records.begin(), middle, middle, records.begin() + part.end, merged.begin());
    std::copy_n(merged.begin(), part.end, records.begin());
  }
}

/// Total weight by key, of the records that `index` of `threads` is responsible for.
std::map<std::uint32_t, std::uint64_t> weightByKey(const std::vector<Record>& records, int index,
                                                   int threads) {
  std::map<std::uint32_t, std::uint64_t> weights;
  for (std::size_t i = static_cast<std::size_t>(index); i < records.size();
       i += static_cast<std::size_t>(threads)) {
    weights[records[i].key] += records[i].weight;
  }
  return weights;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 1'500'000);
  const std::vector<Record> unsorted = makeRecords(size);

  std::vector<std::map<std::uint32_t, std::uint64_t>> maps(static_cast<std::size_t>(threads));
  kernel::runThreads(threads, [&, threads = threads](int index) {
    maps[static_cast<std::size_t>(index)] = weightByKey(unsorted, index, threads);
  });
  std::vector<Record> sorted = unsorted;
  sortInParts(sorted, threads);
  kernel::require(std::is_sorted(sorted.begin(), sorted.end()), "order of the records");

  kernel::Checksum checksum;
  for (std::size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
    const std::uint32_t key = sorted[begin].key;
    std::uint64_t weight = 0;
    for (end = begin; end < sorted.size() && sorted[end].key == key; ++end) {
      weight += sorted[end].weight;
    }
    std::uint64_t weight_in_maps = 0;
    for (const auto& map : maps) {
      if (const auto found = map.find(key); found != map.end()) weight_in_maps += found->second;
    }
    kernel::require(weight == weight_in_maps, "weight of a key");
    checksum.add(std::uint64_t{key});
    checksum.add(weight);
  }
  return kernel::finish("sort_map", checksum);
}
