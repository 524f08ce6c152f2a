// tbb_hash_map.cpp - words counted in oneTBB's concurrent_hash_map by plain threads.
//
// The map, its spin reader-writer locks and its rehashing are header code. Memory comes from
// std::allocator, since libtbb's own pools are compiled code that no detector looks into.
// Verified: against a sequential count.
#include <tbb/concurrent_hash_map.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "../kernels/kernel.h"

namespace {

using Counts =
    tbb::concurrent_hash_map<std::string, std::uint64_t, tbb::tbb_hash_compare<std::string>,
                             std::allocator<std::pair<const std::string, std::uint64_t>>>;

std::string wordAt(long index) {
  kernel::Random random(static_cast<std::uint64_t>(index));
  const double skewed = random.unit() * random.unit();
  return "a word that is long enough " + std::to_string(static_cast<int>(skewed * 20'000));
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 600'000);
  Counts counts(2);
  kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
    const kernel::Slice words = kernel::sliceOf(size, index, threads);
    for (long i = words.begin; i < words.end; ++i) {
      const std::string word = wordAt(i);
      if (i % 3 == 0) {
        Counts::accessor entry;
        counts.insert(entry, word);
        ++entry->second;
      } else {
        Counts::const_accessor entry;
        if (counts.find(entry, word)) kernel::require(entry->first == word, "word found");
      }
    }
  });

  std::map<std::string, std::uint64_t> expected;
  for (long i = 0; i < size; i += 3) ++expected[wordAt(i)];
  kernel::require(counts.size() == expected.size(), "number of words");
  kernel::Checksum checksum;
  for (const auto& [word, count] : expected) {
    Counts::const_accessor entry;
    kernel::require(counts.find(entry, word) && entry->second == count, "count of a word");
    checksum.add(count);
  }
  return kernel::finish("tbb_hash_map", checksum);
}
