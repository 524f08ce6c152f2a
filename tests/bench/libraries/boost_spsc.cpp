// boost_spsc.cpp - strings through Boost.Lockfree's spsc_queue, one ring for each pair of threads.
//
// (queue and stack read nodes that were recycled, by design: data races that Hindsight reports,
// docs/real-software.md. spsc_queue has none.) Verified: everything arrives in order.
#include <algorithm>
#include <boost/lockfree/spsc_queue.hpp>
#include <memory>
#include <string>

#include "../kernels/kernel.h"

namespace {

using Ring = boost::lockfree::spsc_queue<std::string, boost::lockfree::capacity<512>>;

std::string itemAt(long number) { return "item with a long name " + std::to_string(number); }

void produce(Ring& ring, kernel::Slice items) {
  for (long i = items.begin; i < items.end; ++i) {
    const std::string item = itemAt(i);
    while (!ring.push(item)) std::this_thread::yield();
  }
}

std::uint64_t consume(Ring& ring, kernel::Slice items) {
  std::uint64_t sum = 0;
  std::string item;
  for (long i = items.begin; i < items.end; ++i) {
    while (!ring.pop(item)) std::this_thread::yield();
    kernel::require(item == itemAt(i), "order of the items");
    sum += item.size();
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 1'000'000);
  const int pairs = std::max(1, threads / 2);
  std::vector<std::unique_ptr<Ring>> rings;
  for (int i = 0; i < pairs; ++i) rings.push_back(std::make_unique<Ring>());
  std::vector<std::uint64_t> sums(static_cast<std::size_t>(pairs));
  kernel::runThreads(2 * pairs, [&, size = size](int index) {
    const auto pair = static_cast<std::size_t>(index / 2);
    const kernel::Slice items = kernel::sliceOf(size, index / 2, pairs);
    if (index % 2 == 0) {
      produce(*rings[pair], items);
    } else {
      sums[pair] = consume(*rings[pair], items);
    }
  });
  std::uint64_t total = 0;
  for (const std::uint64_t sum : sums) total += sum;
  kernel::Checksum checksum;
  checksum.add(total);
  return kernel::finish("boost_spsc", checksum);
}
