// striped_hash.cpp - a hash table of counters behind striped mutexes, updated by all threads.
//
// Short critical sections on many locks: what a cache or an index in a server does.
#include <array>
#include <memory>
#include <mutex>

#include "kernel.h"

namespace {

/// Counters by key. Thread safety: all methods may be called concurrently; each locks one stripe.
class StripedCounters {
 public:
  explicit StripedCounters(std::size_t buckets_per_stripe) {
    for (Stripe& stripe : stripes_) stripe.buckets.resize(buckets_per_stripe);
  }

  void add(std::uint64_t key, std::uint64_t amount) {
    Stripe& stripe = stripeOf(key);
    std::lock_guard lock(stripe.mutex);
    std::unique_ptr<Node>* link = findLink(stripe, key);
    if (*link == nullptr) {
      *link = std::make_unique<Node>(Node{key, 0, nullptr});
      ++stripe.size;
    }
    (*link)->count += amount;
  }

  bool contains(std::uint64_t key) {
    Stripe& stripe = stripeOf(key);
    std::lock_guard lock(stripe.mutex);
    return *findLink(stripe, key) != nullptr;
  }

  /// Removes the counter and returns its value, 0 if there was none.
  std::uint64_t remove(std::uint64_t key) {
    Stripe& stripe = stripeOf(key);
    std::lock_guard lock(stripe.mutex);
    std::unique_ptr<Node>* link = findLink(stripe, key);
    if (*link == nullptr) return 0;
    const std::unique_ptr<Node> removed = std::move(*link);
    *link = std::move(removed->next);
    --stripe.size;
    return removed->count;
  }

  /// Sum of all counters; checks each stripe's size on the way.
  std::uint64_t total() {
    std::uint64_t sum = 0;
    for (Stripe& stripe : stripes_) {
      std::lock_guard lock(stripe.mutex);
      std::size_t nodes = 0;
      for (const auto& bucket : stripe.buckets) {
        for (const Node* node = bucket.get(); node != nullptr; node = node->next.get()) {
          sum += node->count;
          ++nodes;
        }
      }
      kernel::require(nodes == stripe.size, "size of a stripe");
    }
    return sum;
  }

 private:
  static constexpr std::size_t kStripes = 64;

  struct Node {
    std::uint64_t key;
    std::uint64_t count;
    std::unique_ptr<Node> next;
  };

  struct alignas(64) Stripe {
    std::mutex mutex;
    std::vector<std::unique_ptr<Node>> buckets;
    std::size_t size = 0;
  };

  static std::uint64_t hash(std::uint64_t key) { return (key + 1) * 0x9e3779b97f4a7c15u; }

  Stripe& stripeOf(std::uint64_t key) { return stripes_[hash(key) >> 58]; }

  /// The link that points to `key`'s node, or the null link at the end of its chain.
  std::unique_ptr<Node>* findLink(Stripe& stripe, std::uint64_t key) {
    std::unique_ptr<Node>* link = &stripe.buckets[(hash(key) >> 20) % stripe.buckets.size()];
    while (*link != nullptr && (*link)->key != key) link = &(*link)->next;
    return link;
  }

  std::array<Stripe, kStripes> stripes_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 9'000'000);
  constexpr std::uint64_t kKeys = 100'000;

  StripedCounters counters(1024);
  std::vector<std::uint64_t> removed(static_cast<std::size_t>(threads));
  std::vector<std::uint64_t> found(static_cast<std::size_t>(threads));
  kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
    const kernel::Slice operations = kernel::sliceOf(size, index, threads);
    std::uint64_t removed_here = 0;
    std::uint64_t found_here = 0;
    for (long i = operations.begin; i < operations.end; ++i) {
      kernel::Random random(static_cast<std::uint64_t>(i));
      const std::uint64_t key = random.below(kKeys);
      const std::uint64_t choice = random.below(10);
      if (choice < 3) {
        counters.add(key, 1 + random.below(100));
      } else if (choice < 4) {
        removed_here += counters.remove(key);
      } else {
        found_here += counters.contains(key) ? 1 : 0;
      }
    }
    removed[static_cast<std::size_t>(index)] = removed_here;
    found[static_cast<std::size_t>(index)] = found_here;
  });

  // What was added is deterministic; how much of it was removed again depends on the timing.
  std::uint64_t sum = counters.total();
  std::uint64_t hits = 0;
  for (const std::uint64_t value : removed) sum += value;
  for (const std::uint64_t value : found) hits += value;
  kernel::require(hits > 0 && hits < static_cast<std::uint64_t>(size), "lookups that hit");

  kernel::Checksum checksum;
  checksum.add(sum);
  return kernel::finish("striped_hash", checksum);
}
