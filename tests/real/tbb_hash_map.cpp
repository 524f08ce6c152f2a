// tbb_hash_map.cpp - oneTBB's concurrent_hash_map filled, read and emptied by parallel_for.
//
// The containers and the loop bodies are header code and instrumented, the task scheduler in
// libtbb.so is not (see edges/tbb_edges.h). The map starts with few buckets, so that it rehashes
// under load. A second part uses the same map from plain threads, without the scheduler.
// Verified: word counts and contents against a sequential count.

#include <tbb/blocked_range.h>
#include <tbb/concurrent_hash_map.h>
#include <tbb/concurrent_vector.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>

#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "edges/tbb_edges.h"

namespace {

constexpr int kWords = 30000;
constexpr int kDistinct = 3000;
constexpr int kThreads = 4;

using Counts = tbb::concurrent_hash_map<std::string, int>;

std::vector<std::string> makeWords() {
  std::vector<std::string> words;
  uint32_t random = 7;
  for (int i = 0; i < kWords; ++i) {
    random = random * 1664525u + 1013904223u;
    words.push_back("a word that is long enough " + std::to_string((random >> 8) % kDistinct));
  }
  return words;
}

void requireEqual(const Counts& counts, const std::map<std::string, int>& expected) {
  require(counts.size() == expected.size(), "as many words");
  for (const auto& [word, count] : expected) {
    Counts::const_accessor found;
    require(counts.find(found, word) && found->second == count, "counted right");
  }
}

void addWords(Counts& counts, const std::vector<std::string>& words, size_t first, size_t last) {
  for (size_t i = first; i != last; ++i) {
    Counts::accessor entry;
    counts.insert(entry, words[i]);
    ++entry->second;
  }
}

void countInParallel(const std::vector<std::string>& words,
                     const std::map<std::string, int>& expected) {
  using Range = tbb::blocked_range<size_t>;
  Counts counts(2);
  tbb::concurrent_vector<std::string> frequent;
  tbb::parallel_for(Range(0, words.size(), 200), [&](const Range& range) {
    addWords(counts, words, range.begin(), range.end());
  });
  requireEqual(counts, expected);

  tbb::parallel_for(Range(0, words.size(), 200), [&](const Range& range) {
    for (size_t i = range.begin(); i != range.end(); ++i) {
      Counts::const_accessor entry;
      require(counts.find(entry, words[i]), "word is there");
      if (entry->second > 20) frequent.push_back(entry->first);
    }
  });
  for (const std::string& word : frequent) require(expected.at(word) > 20, "word is frequent");

  const int total = tbb::parallel_reduce(
      counts.range(64), 0,
      [](const Counts::range_type& range, int sum) {
        for (const auto& entry : range) sum += entry.second;
        return sum;
      },
      [](int left, int right) { return left + right; });
  require(total == kWords, "counts add up");

  tbb::parallel_for(0, kDistinct, [&](int i) {
    counts.erase("a word that is long enough " + std::to_string(i));
  });
  require(counts.empty(), "all erased");
}

void countOnThreads(const std::vector<std::string>& words,
                    const std::map<std::string, int>& expected) {
  Counts counts(2);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      addWords(counts, words, t * words.size() / kThreads, (t + 1) * words.size() / kThreads);
    });
  }
  for (std::thread& thread : threads) thread.join();
  requireEqual(counts, expected);
}

}  // namespace

int main() {
  // Workers even where there is one processor only.
  const tbb::global_control workers(tbb::global_control::max_allowed_parallelism, kThreads);
  const std::vector<std::string> words = makeWords();
  std::map<std::string, int> expected;
  for (const std::string& word : words) ++expected[word];
  countInParallel(words, expected);
  countOnThreads(words, expected);
  puts("tbb: ok");
  return 0;
}
