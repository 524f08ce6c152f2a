// heap.cpp - what the size of the heap costs: `heap THREADS MIB`.
//
// Each thread fills its share of MIB mebibytes with blocks of 32 to 512 bytes, as an in-memory
// index does, then updates blocks at random; then all threads look at all blocks, and free their
// own. The work grows with the heap. Verified: the contents of every block.
#include <memory>

#include "../kernels/kernel.h"

namespace {

struct Block {
  std::uint64_t number;
  std::uint64_t words;  // that follow
  std::uint64_t updates;
  std::uint64_t content[1];
};

struct Share {
  std::vector<Block*> blocks;
  std::uint64_t updates = 0;
};

Block* makeBlock(std::uint64_t number, std::uint64_t words) {
  auto* block = static_cast<Block*>(std::malloc(sizeof(Block) + words * sizeof(std::uint64_t)));
  kernel::require(block != nullptr, "memory");
  block->number = number;
  block->words = words;
  block->updates = 0;
  for (std::uint64_t i = 0; i < words; ++i) block->content[i] = number + i;
  return block;
}

Share fill(std::size_t bytes, std::uint64_t seed) {
  kernel::Random random(seed);
  Share share;
  for (std::size_t used = 0; used < bytes;) {
    const std::uint64_t words = 1 + random.below(60);
    share.blocks.push_back(makeBlock(random.next(), words));
    used += sizeof(Block) + words * sizeof(std::uint64_t);
  }
  share.updates = share.blocks.size() / 2;
  for (std::uint64_t i = 0; i < share.updates; ++i) {
    ++share.blocks[random.below(share.blocks.size())]->updates;
  }
  return share;
}

/// Looks at every `step`-th block from `first` on.
std::uint64_t sumOf(const Share& share, std::size_t first, std::size_t step) {
  std::uint64_t sum = 0;
  for (std::size_t i = first; i < share.blocks.size(); i += step) {
    const Block& block = *share.blocks[i];
    kernel::require(block.content[block.words - 1] == block.number + block.words - 1, "content");
    sum += block.updates;
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, mib] = kernel::parseArguments(argc, argv, 100);
  const auto count = static_cast<std::size_t>(threads);
  const std::size_t bytes = static_cast<std::size_t>(mib) * 1024 * 1024 / count;

  std::vector<Share> shares(count);
  kernel::runThreads(threads, [&](int index) {
    const auto i = static_cast<std::size_t>(index);
    shares[i] = fill(bytes, i + 1);
  });
  std::vector<std::uint64_t> sums(count);
  kernel::runThreads(threads, [&](int index) {
    const auto i = static_cast<std::size_t>(index);
    for (const Share& share : shares) sums[i] += sumOf(share, i, count);
  });
  std::uint64_t updates = 0;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < count; ++i) {
    updates += shares[i].updates;
    seen += sums[i];
  }
  kernel::require(updates == seen, "every update once");
  kernel::runThreads(threads, [&](int index) {
    for (Block* block : shares[static_cast<std::size_t>(index)].blocks) std::free(block);
  });
  kernel::Checksum checksum;
  checksum.add(seen);
  return kernel::finish("heap", checksum);
}
