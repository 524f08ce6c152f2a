// deflate.cpp - compresses and restores a log in blocks: LZ77 with hash chains, then Huffman codes.
//
// What a real compressor does to memory: chains of 16-bit links, matches compared byte by byte,
// symbol counts, code tables, a bit stream written and read a byte at a time, a table-driven CRC.
// Blocks are shared out between the threads; each is independent.
//
//   block  := crc:4 code-lengths:kSymbols/2 bits
//   bits   := symbol*          literals 0..255, kEnd, and match lengths from kFirstLength on,
//   match  := length-symbol distance:16
#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <queue>
#include <string>
#include <utility>

#include "../kernels/kernel.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kBlockSize = 64 * 1024;
constexpr std::size_t kMinimumMatch = 4;
constexpr std::size_t kMaximumMatch = 131;
constexpr int kEnd = 256;
constexpr int kFirstLength = 257;
constexpr int kSymbols = kFirstLength + static_cast<int>(kMaximumMatch - kMinimumMatch) + 1 + 1;
static_assert(kSymbols % 2 == 0, "code lengths are stored as nibbles");
constexpr int kMaximumBits = 15;

// --- CRC-32 (reflected, polynomial 0xedb88320), one byte at a time [Sarwate 1988]
// -----------------

std::array<std::uint32_t, 256> makeCrcTable() {
  std::array<std::uint32_t, 256> table;
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    table[i] = crc;
  }
  return table;
}

const std::array<std::uint32_t, 256> crc_table = makeCrcTable();

std::uint32_t crcOf(const std::uint8_t* bytes, std::size_t size) {
  std::uint32_t crc = ~0u;
  for (std::size_t i = 0; i < size; ++i) crc = crc_table[(crc ^ bytes[i]) & 0xff] ^ (crc >> 8);
  return ~crc;
}

// --- Bits ----------------------------------------------------------------------------------------

class BitWriter {
 public:
  explicit BitWriter(Bytes& output) : output_(output) {}

  void put(std::uint32_t bits, int count) {
    buffer_ |= std::uint64_t{bits} << filled_;
    filled_ += count;
    for (; filled_ >= 8; filled_ -= 8, buffer_ >>= 8) {
      output_.push_back(static_cast<std::uint8_t>(buffer_));
    }
  }

  void finish() {
    if (filled_ > 0) output_.push_back(static_cast<std::uint8_t>(buffer_));
    filled_ = 0;
    buffer_ = 0;
  }

 private:
  Bytes& output_;
  std::uint64_t buffer_ = 0;
  int filled_ = 0;
};

class BitReader {
 public:
  BitReader(const Bytes& input, std::size_t position) : input_(input), position_(position) {}

  /// The next `count` bits (at most 24) without taking them; zeros behind the end.
  std::uint32_t peek(int count) {
    while (filled_ < count) {
      const std::uint64_t byte = position_ < input_.size() ? input_[position_] : 0;
      ++position_;
      buffer_ |= byte << filled_;
      filled_ += 8;
    }
    return static_cast<std::uint32_t>(buffer_ & ((1u << count) - 1));
  }

  void skip(int count) {
    buffer_ >>= count;
    filled_ -= count;
  }

  std::uint32_t take(int count) {
    const std::uint32_t bits = peek(count);
    skip(count);
    return bits;
  }

 private:
  const Bytes& input_;
  std::size_t position_;
  std::uint64_t buffer_ = 0;
  int filled_ = 0;
};

// --- Huffman codes -------------------------------------------------------------------------------

using Lengths = std::array<std::uint8_t, kSymbols>;
using Counts = std::array<std::uint32_t, kSymbols>;

/// Lengths of an optimal prefix code [Huffman 1952]; counts are flattened until it is short enough.
Lengths codeLengths(Counts counts) {
  struct Node {
    std::uint32_t count;
    std::int16_t parent = -1;
  };
  for (;;) {
    std::vector<Node> nodes;
    using Item = std::pair<std::uint32_t, std::int16_t>;
    std::priority_queue<Item, std::vector<Item>, std::greater<>> heap;
    std::array<std::int16_t, kSymbols> leaf;
    leaf.fill(-1);
    for (int symbol = 0; symbol < kSymbols; ++symbol) {
      const auto s = static_cast<std::size_t>(symbol);
      if (counts[s] == 0) continue;
      leaf[s] = static_cast<std::int16_t>(nodes.size());
      heap.emplace(counts[s], leaf[s]);
      nodes.push_back({counts[s]});
    }
    while (heap.size() > 1) {
      const Item first = heap.top();
      heap.pop();
      const Item second = heap.top();
      heap.pop();
      const auto parent = static_cast<std::int16_t>(nodes.size());
      nodes.push_back({first.first + second.first});
      nodes[static_cast<std::size_t>(first.second)].parent = parent;
      nodes[static_cast<std::size_t>(second.second)].parent = parent;
      heap.emplace(first.first + second.first, parent);
    }
    Lengths lengths{};
    int longest = 0;
    for (std::size_t s = 0; s < kSymbols; ++s) {
      if (leaf[s] < 0) continue;
      int length = 0;
      for (std::int16_t n = leaf[s]; nodes[static_cast<std::size_t>(n)].parent >= 0;
           n = nodes[static_cast<std::size_t>(n)].parent) {
        ++length;
      }
      lengths[s] = static_cast<std::uint8_t>(std::max(length, 1));
      longest = std::max(longest, length);
    }
    if (longest <= kMaximumBits) return lengths;
    for (std::uint32_t& count : counts) count = count == 0 ? 0 : count / 4 + 1;
  }
}

std::uint16_t reversed(std::uint32_t code, int length) {
  std::uint32_t result = 0;
  for (int i = 0; i < length; ++i) result |= ((code >> i) & 1) << (length - 1 - i);
  return static_cast<std::uint16_t>(result);
}

/// Canonical codes, first bit lowest, as the bit stream wants them.
std::array<std::uint16_t, kSymbols> codesFor(const Lengths& lengths) {
  std::array<std::uint32_t, kMaximumBits + 2> next{};
  for (const std::uint8_t length : lengths) {
    if (length > 0) ++next[length + 1u];
  }
  // From numbers of shorter codes to first codes: each length's codes follow the shorter ones'.
  for (std::size_t i = 1; i < next.size(); ++i) next[i] = (next[i] + next[i - 1]) << 1;
  std::array<std::uint16_t, kSymbols> codes{};
  for (std::size_t s = 0; s < kSymbols; ++s) {
    if (lengths[s] > 0) codes[s] = reversed(next[lengths[s]]++, lengths[s]);
  }
  return codes;
}

// --- LZ77 ----------------------------------------------------------------------------------------

struct Token {
  std::uint16_t symbol;
  std::uint16_t distance;  // of a match
};

class Matcher {
 public:
  /// The tokens of a block, with the end mark.
  const std::vector<Token>& parse(const std::uint8_t* input, std::size_t size) {
    heads_.fill(kNone);
    tokens_.clear();
    for (std::size_t at = 0; at < size;) {
      const auto [length, distance] = longestMatch(input, size, at);
      if (length < kMinimumMatch) {
        tokens_.push_back({input[at], 0});
        remember(input, size, at++);
        continue;
      }
      tokens_.push_back({static_cast<std::uint16_t>(kFirstLength + length - kMinimumMatch),
                         static_cast<std::uint16_t>(distance)});
      for (std::size_t end = at + length; at < end; ++at) remember(input, size, at);
    }
    tokens_.push_back({kEnd, 0});
    return tokens_;
  }

 private:
  static constexpr int kHashBits = 14;
  static constexpr int kChain = 12;
  static constexpr std::uint16_t kNone = 0xffff;

  static std::size_t hashAt(const std::uint8_t* bytes) {
    const std::uint32_t word =
        bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
    return (word * 2654435761u) >> (32 - kHashBits);
  }

  void remember(const std::uint8_t* input, std::size_t size, std::size_t at) {
    if (at + kMinimumMatch > size) return;
    std::uint16_t& head = heads_[hashAt(input + at)];
    previous_[at] = head;
    head = static_cast<std::uint16_t>(at);
  }

  std::pair<std::size_t, std::size_t> longestMatch(const std::uint8_t* input, std::size_t size,
                                                   std::size_t at) const {
    if (at + kMinimumMatch > size) return {0, 0};
    const std::size_t limit = std::min(kMaximumMatch, size - at);
    std::size_t best = 0;
    std::size_t distance = 0;
    std::uint16_t candidate = heads_[hashAt(input + at)];
    for (int tries = 0; tries < kChain && candidate != kNone; ++tries) {
      if (best == 0 || input[candidate + best] == input[at + best]) {
        std::size_t length = 0;
        while (length < limit && input[candidate + length] == input[at + length]) ++length;
        if (length > best) {
          best = length;
          distance = at - candidate;
          if (best == limit) break;
        }
      }
      candidate = previous_[candidate];
    }
    return {best, distance};
  }

  std::array<std::uint16_t, 1u << kHashBits> heads_;
  std::array<std::uint16_t, kBlockSize> previous_;
  std::vector<Token> tokens_;
};

// --- Blocks --------------------------------------------------------------------------------------

Bytes compress(Matcher& matcher, const std::uint8_t* input, std::size_t size) {
  const std::vector<Token>& tokens = matcher.parse(input, size);
  Counts counts{};
  for (const Token& token : tokens) ++counts[token.symbol];
  const Lengths lengths = codeLengths(counts);
  const auto codes = codesFor(lengths);

  Bytes output;
  const std::uint32_t crc = crcOf(input, size);
  for (int shift = 0; shift < 32; shift += 8) {
    output.push_back(static_cast<std::uint8_t>(crc >> shift));
  }
  for (std::size_t s = 0; s < kSymbols; s += 2) {
    output.push_back(static_cast<std::uint8_t>(lengths[s] | lengths[s + 1] << 4));
  }
  BitWriter bits(output);
  for (const Token& token : tokens) {
    bits.put(codes[token.symbol], lengths[token.symbol]);
    if (token.symbol >= kFirstLength) bits.put(token.distance, 16);
  }
  bits.finish();
  return output;
}

class Decompressor {
 public:
  /// Writes the block to `output` and returns its size; `capacity` is never exceeded.
  std::size_t decompress(const Bytes& input, std::uint8_t* output, std::size_t capacity) {
    constexpr std::size_t kHeader = 4 + kSymbols / 2;
    kernel::require(input.size() > kHeader, "header of a block");
    Lengths lengths;
    for (std::size_t s = 0; s < kSymbols; s += 2) {
      lengths[s] = input[4 + s / 2] & 15;
      lengths[s + 1] = input[4 + s / 2] >> 4;
    }
    fillTable(lengths);
    BitReader bits(input, kHeader);
    std::size_t size = 0;
    for (;;) {
      const Entry entry = table_[bits.peek(kMaximumBits)];
      kernel::require(entry.length > 0, "code in the bit stream");
      bits.skip(entry.length);
      if (entry.symbol == kEnd) break;
      if (entry.symbol < kEnd) {
        kernel::require(size < capacity, "room for a literal");
        output[size++] = static_cast<std::uint8_t>(entry.symbol);
        continue;
      }
      const std::size_t length = entry.symbol - kFirstLength + kMinimumMatch;
      const std::size_t distance = bits.take(16);
      kernel::require(distance > 0 && distance <= size && length <= capacity - size, "match");
      // Source and destination overlap when a match repeats itself: byte by byte, in order.
      for (std::size_t i = 0; i < length; ++i) output[size + i] = output[size + i - distance];
      size += length;
    }
    std::uint32_t crc = 0;
    for (int i = 0; i < 4; ++i) crc |= static_cast<std::uint32_t>(input[i]) << (8 * i);
    kernel::require(crc == crcOf(output, size), "CRC of a block");
    return size;
  }

 private:
  struct Entry {
    std::uint16_t symbol = 0;
    std::uint8_t length = 0;
  };

  /// One entry for each pattern of kMaximumBits bits, found by its lowest bits.
  void fillTable(const Lengths& lengths) {
    table_.assign(std::size_t{1} << kMaximumBits, Entry{});
    const auto codes = codesFor(lengths);
    for (std::size_t s = 0; s < kSymbols; ++s) {
      if (lengths[s] == 0) continue;
      for (std::size_t i = codes[s]; i < table_.size(); i += std::size_t{1} << lengths[s]) {
        table_[i] = {static_cast<std::uint16_t>(s), lengths[s]};
      }
    }
  }

  std::vector<Entry> table_;
};

/// A server's log: structure that repeats, numbers that do not.
Bytes makeLog(std::size_t size) {
  static constexpr const char* kPaths[] = {"/index.html",     "/api/v1/users/", "/static/app.js",
                                           "/api/v1/orders/", "/login",         "/images/logo.png"};
  static constexpr const char* kAgents[] = {"Mozilla/5.0 (X11; Linux x86_64)", "curl/7.88.1",
                                            "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"};
  kernel::Random random(11);
  Bytes log;
  log.reserve(size + 256);
  std::uint64_t second = 0;
  while (log.size() < size) {
    second += random.below(3);
    const std::string line =
        "10." + std::to_string(random.below(4)) + "." + std::to_string(random.below(256)) + "." +
        std::to_string(random.below(256)) + " - - [" + std::to_string(second) + "] \"GET " +
        kPaths[random.below(std::size(kPaths))] + std::to_string(random.below(10'000)) +
        " HTTP/1.1\" 200 " + std::to_string(random.below(100'000)) + " \"" +
        kAgents[random.below(std::size(kAgents))] + "\"\n";
    log.insert(log.end(), line.begin(), line.end());
  }
  log.resize(size);
  return log;
}

/// Calls `work(block)` for each block on one of the threads.
template <typename MakeWork>
void forEachBlock(std::size_t blocks, int threads, MakeWork make_work) {
  std::atomic<std::size_t> next_block{0};
  kernel::runThreads(threads, [&](int) {
    auto work = make_work();
    for (std::size_t block;
         (block = next_block.fetch_add(1, std::memory_order_relaxed)) < blocks;) {
      work(block);
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 24'000'000);
  const Bytes log = makeLog(static_cast<std::size_t>(size));
  const std::size_t blocks = (log.size() + kBlockSize - 1) / kBlockSize;
  const auto lengthOf = [&](std::size_t block) {
    return std::min(kBlockSize, log.size() - block * kBlockSize);
  };

  std::vector<Bytes> compressed(blocks);
  forEachBlock(blocks, threads, [&] {
    return [&, matcher = std::make_unique<Matcher>()](std::size_t block) {
      compressed[block] = compress(*matcher, log.data() + block * kBlockSize, lengthOf(block));
    };
  });

  Bytes restored(log.size());
  forEachBlock(blocks, threads, [&] {
    return [&, decompressor = Decompressor()](std::size_t block) mutable {
      const std::size_t written = decompressor.decompress(
          compressed[block], restored.data() + block * kBlockSize, lengthOf(block));
      kernel::require(written == lengthOf(block), "size of a block");
    };
  });

  kernel::require(restored == log, "restored log");
  kernel::Checksum checksum;
  std::size_t total = 0;
  for (const Bytes& block : compressed) {
    total += block.size();
    checksum.add(std::uint64_t{block.size()});
  }
  kernel::require(total < log.size() / 2, "compression");
  return kernel::finish("deflate", checksum);
}
