// lz_codec.cpp - compresses and decompresses text in blocks that the threads share out.
//
// An LZ77 coder with a byte-oriented format: single bytes, unaligned words and short copies.
//
//   block    := sequence*
//   sequence := token literal-length-bytes* literals [offset:2 match-length-bytes*]
//   token    := literal length (high 4 bits, 15 = more bytes follow), match length - 4 (low 4 bits)
//
// The last sequence of a block has no match.
#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>

#include "kernel.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kBlockSize = 64 * 1024;  // offsets within a block fit 16 bits
constexpr std::size_t kMinimumMatch = 4;
constexpr std::size_t kLongLength = 15;

class Compressor {
 public:
  /// Appends the compressed form of `input` (at most kBlockSize bytes) to `output`.
  void compress(const std::uint8_t* input, std::size_t size, Bytes& output) {
    last_seen_.fill(0);
    std::size_t position = 0;
    std::size_t literals_begin = 0;
    while (position + kMinimumMatch <= size) {
      const std::uint32_t word = load32(input + position);
      std::uint16_t& slot = last_seen_[(word * 2654435761u) >> (32 - kHashBits)];
      const std::size_t candidate = slot;
      slot = static_cast<std::uint16_t>(position);
      if (candidate >= position || load32(input + candidate) != word) {
        ++position;
        continue;
      }
      std::size_t length = kMinimumMatch;
      while (position + length < size && input[candidate + length] == input[position + length]) {
        ++length;
      }
      putSequence(output, input + literals_begin, position - literals_begin);
      putMatch(output, position - candidate, length);
      position += length;
      literals_begin = position;
    }
    putSequence(output, input + literals_begin, size - literals_begin);
  }

 private:
  static constexpr int kHashBits = 13;

  static std::uint32_t load32(const std::uint8_t* from) {
    std::uint32_t value;
    std::memcpy(&value, from, sizeof value);
    return value;
  }

  static void putExtraLength(Bytes& output, std::size_t length) {
    for (length -= kLongLength; length >= 255; length -= 255) output.push_back(255);
    output.push_back(static_cast<std::uint8_t>(length));
  }

  /// Token and literals; a match may follow, which then completes the token.
  void putSequence(Bytes& output, const std::uint8_t* literals, std::size_t count) {
    token_ = output.size();
    output.push_back(static_cast<std::uint8_t>(std::min(count, kLongLength) << 4));
    if (count >= kLongLength) putExtraLength(output, count);
    output.insert(output.end(), literals, literals + count);
  }

  void putMatch(Bytes& output, std::size_t offset, std::size_t length) {
    output.push_back(static_cast<std::uint8_t>(offset & 0xff));
    output.push_back(static_cast<std::uint8_t>(offset >> 8));
    const std::size_t coded = length - kMinimumMatch;
    output[token_] |= static_cast<std::uint8_t>(std::min(coded, kLongLength));
    if (coded >= kLongLength) putExtraLength(output, coded);
  }

  std::array<std::uint16_t, 1u << kHashBits> last_seen_;
  std::size_t token_ = 0;
};

class Decompressor {
 public:
  explicit Decompressor(const Bytes& input) : input_(input) {}

  /// Writes the block to `output` and returns its size; `capacity` is never exceeded.
  std::size_t decompress(std::uint8_t* output, std::size_t capacity) {
    std::size_t size = 0;
    while (position_ < input_.size()) {
      const std::uint8_t token = next();
      const std::size_t literals = readLength(token >> 4);
      kernel::require(literals <= capacity - size && literals <= input_.size() - position_,
                      "length of literals");
      std::copy_n(input_.data() + position_, literals, output + size);
      position_ += literals;
      size += literals;
      if (position_ == input_.size()) break;

      std::size_t offset = next();
      offset |= static_cast<std::size_t>(next()) << 8;
      const std::size_t match = readLength(token & 15) + kMinimumMatch;
      kernel::require(offset > 0 && offset <= size && match <= capacity - size, "match");
      // Source and destination overlap when a match repeats itself: byte by byte, in order.
      for (std::size_t i = 0; i < match; ++i) output[size + i] = output[size + i - offset];
      size += match;
    }
    return size;
  }

 private:
  std::uint8_t next() {
    kernel::require(position_ < input_.size(), "end of block");
    return input_[position_++];
  }

  std::size_t readLength(std::size_t length) {
    if (length < kLongLength) return length;
    std::uint8_t more;
    do {
      more = next();
      length += more;
    } while (more == 255);
    return length;
  }

  const Bytes& input_;
  std::size_t position_ = 0;
};

/// Words with a skewed distribution, an occasional number, and line ends.
Bytes makeText(std::size_t size) {
  constexpr std::size_t kVocabulary = 2000;
  kernel::Random random(42);
  std::vector<Bytes> vocabulary(kVocabulary);
  for (Bytes& word : vocabulary) {
    word.resize(2 + random.below(9));
    for (std::uint8_t& letter : word) letter = static_cast<std::uint8_t>('a' + random.below(26));
  }
  Bytes text;
  text.reserve(size + 32);
  while (text.size() < size) {
    const double skewed = random.unit() * random.unit() * random.unit();
    const Bytes& word = vocabulary[static_cast<std::size_t>(skewed * kVocabulary)];
    text.insert(text.end(), word.begin(), word.end());
    if (random.below(20) == 0) text.push_back(static_cast<std::uint8_t>('0' + random.below(10)));
    text.push_back(random.below(12) == 0 ? '\n' : ' ');
  }
  text.resize(size);
  return text;
}

std::size_t blockLength(std::size_t total, std::size_t block) {
  return std::min(kBlockSize, total - block * kBlockSize);
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 40'000'000);
  const Bytes text = makeText(static_cast<std::size_t>(size));
  const std::size_t blocks = (text.size() + kBlockSize - 1) / kBlockSize;

  std::vector<Bytes> compressed(blocks);
  std::atomic<std::size_t> next_block{0};
  kernel::runThreads(threads, [&](int) {
    Compressor compressor;
    for (std::size_t block;
         (block = next_block.fetch_add(1, std::memory_order_relaxed)) < blocks;) {
      compressor.compress(text.data() + block * kBlockSize, blockLength(text.size(), block),
                          compressed[block]);
    }
  });

  Bytes restored(text.size());
  next_block.store(0);
  kernel::runThreads(threads, [&](int) {
    for (std::size_t block;
         (block = next_block.fetch_add(1, std::memory_order_relaxed)) < blocks;) {
      const std::size_t length = blockLength(text.size(), block);
      Decompressor decompressor(compressed[block]);
      const std::size_t written =
          decompressor.decompress(restored.data() + block * kBlockSize, length);
      kernel::require(written == length, "size of a block");
    }
  });

  kernel::require(restored == text, "decompressed text");
  kernel::Checksum checksum;
  for (const Bytes& block : compressed) checksum.add(std::uint64_t{block.size()});
  return kernel::finish("lz_codec", checksum);
}
