// shared_table.cpp - all threads search one 16 MiB table that the main thread built.
//
// Data that is read by many threads and written by none: dictionaries, indexes, routing tables.
#include <algorithm>

#include "kernel.h"

namespace {

/// A sorted table of (first address, owner), as in a geolocation or routing lookup.
class RangeTable {
 public:
  explicit RangeTable(std::size_t entries) {
    kernel::Random random(7);
    entries_.reserve(entries);
    std::uint64_t first = 0;
    for (std::size_t i = 0; i < entries; ++i) {
      entries_.push_back({first, random.below(250)});
      first += 1 + random.below(4096);
    }
    limit_ = first;
    for (std::size_t i = 0; i < std::size(weights_); ++i) weights_[i] = random.below(1000);
  }

  std::uint64_t limit() const { return limit_; }

  /// The entry whose range contains `address`.
  std::size_t find(std::uint64_t address) const {
    const auto after = std::upper_bound(
        entries_.begin(), entries_.end(), address,
        [](std::uint64_t value, const Entry& entry) { return value < entry.first; });
    return static_cast<std::size_t>(after - entries_.begin()) - 1;
  }

  /// Weighted sum over up to `count` entries from `index` on.
  std::uint64_t weigh(std::size_t index, std::size_t count) const {
    const std::size_t end = std::min(index + count, entries_.size());
    std::uint64_t sum = 0;
    for (std::size_t i = index; i < end; ++i) sum += weights_[entries_[i].owner];
    return sum;
  }

  bool contains(std::size_t index, std::uint64_t address) const {
    return entries_[index].first <= address &&
           (index + 1 == entries_.size() || address < entries_[index + 1].first);
  }

 private:
  struct Entry {
    std::uint64_t first;
    std::uint64_t owner;
  };

  std::vector<Entry> entries_;
  std::uint64_t weights_[256] = {};
  std::uint64_t limit_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 800'000);
  const RangeTable table(1u << 20);

  std::vector<std::uint64_t> sums(static_cast<std::size_t>(threads));
  kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
    const kernel::Slice lookups = kernel::sliceOf(size, index, threads);
    std::uint64_t sum = 0;
    for (long i = lookups.begin; i < lookups.end; ++i) {
      const std::uint64_t address =
          kernel::Random(static_cast<std::uint64_t>(i)).below(table.limit());
      const std::size_t entry = table.find(address);
      kernel::require(table.contains(entry, address), "range of an address");
      sum += table.weigh(entry, 8);
    }
    sums[static_cast<std::size_t>(index)] = sum;
  });

  std::uint64_t total = 0;
  for (const std::uint64_t sum : sums) total += sum;
  kernel::Checksum checksum;
  checksum.add(total);
  return kernel::finish("shared_table", checksum);
}
